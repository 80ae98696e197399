// @ts-check
/** A step as what was done in it, without any page: what two episodes are compared by. */

/**
 * @typedef {{name: string, args: Record<string, any> | null, raw: string | null, status: string | null, outcome: string}} Call
 * @typedef {{to: string, channel: string, text: string, fields: Record<string, any>, question: string | null}} Told
 * @typedef {{author: string, origin: string, text: string, question: string | null}} Put
 * @typedef {{calls: Call[], told: Told[], said: string, put: Put[], causes: string[], files: {path: string, mark: string, digest: string}[],
 *   services: string[], end: string | null}} Summary
 */

/** What happened in a step. @param {any} replay @param {any} step @returns {Summary} */
export function summaryOf(replay, step) {
  /** @type {Summary} */
  const found = { calls: [], told: [], said: "", put: [], causes: [], files: [], services: [], end: null };
  /** @type {Map<string, Call>} */
  const calls = new Map();
  for (let seq = step.first; seq <= step.last; seq += 1) {
    const event = replay.events[seq];
    if (event) take(found, calls, event);
  }
  if (found.told.some((told) => told.text === found.said)) found.said = "";
  found.files = [...new Map(found.files.map((file) => [file.path, file])).values()];
  found.services = [...new Set(found.services)].sort();
  return found;
}

/** @param {Summary} found @param {Map<string, Call>} calls @param {any} event */
function take(found, calls, event) {
  switch (event.kind) {
    case "model":
      for (const block of event.blocks) {
        if (block.type === "text") found.said += (found.said && "\n") + block.text;
        if (block.type !== "tool_call") continue;
        const call = { name: block.name, args: block.arguments, raw: block.raw, status: null, outcome: "" };
        calls.set(block.id, call);
        found.calls.push(call);
      }
      break;
    case "result": {
      const call = calls.get(event.call);
      if (call) Object.assign(call, { status: event.status, outcome: outcomeOf(event) });
      break;
    }
    case "world":
      if (!calls.has(event.cause)) found.causes.push(event.cause);
      for (const file of event.files) found.files.push(changeOf(file));
      found.services.push(...Object.keys(event.services));
      break;
    case "report":
      found.told.push({ to: event.to, channel: event.channel, text: event.text, fields: event.fields ?? {}, question: event.question });
      break;
    case "message":
      found.put.push({ author: event.author, origin: event.origin, text: event.text, question: event.question });
      break;
    case "end":
      found.end = [event.reason, event.limit, event.detail].filter(Boolean).join(": ");
      break;
  }
}

/** What the agent was shown of a result. @param {any} event @returns {string} */
function outcomeOf(event) {
  const value = event.value === null || event.value === undefined ? "" : typeof event.value === "string" ? event.value : canonical(event.value);
  const code = event.exit_code ? `exit code ${event.exit_code}` : "";
  return [event.stdout, event.stderr, value, code, event.error].filter(Boolean).join("\n");
}

/** @param {any} file */
function changeOf(file) {
  const mark = file.before === null ? "+" : file.after === null ? "−" : "~";
  return { path: file.path, mark, digest: `${file.after?.type ?? ""} ${file.after?.digest ?? ""} ${file.after?.mode ?? ""}` };
}

/** JSON in which the order of keys means nothing. @param {any} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const pairs = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(",")}}`;
}
