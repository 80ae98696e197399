// @ts-check
/** A tool call: what the model asked for, what came of it, and what it changed. */
import { html } from "../html.js";
import { oneLine, Text } from "../text.js";
import { Badge } from "../words.js";
import { Changes } from "./changes.js";
import { fitted, jsonLine } from "./jsonline.js";
import { keyOf } from "./marks.js";
import { Output, Value, Values } from "./values.js";

/** @type {Record<string, [string, string]>} status → [words, tone] */
const STATUS = {
  blocked: ["blocked by the world's rules", "warn"],
  failed: ["failed", "warn"],
  malformed: ["malformed: never reached the world", "unknown"],
  unknown_tool: ["no such tool", "unknown"],
  closed: ["after the hand-over: not carried out", "unknown"],
};

/** @param {{record: import("./record.js").Record_, turn: any, place: number, block: any, marks: import("./marks.js").StepMarks, ev: number}} props */
export function Call({ record, turn, place, block, marks, ev }) {
  const intent = record.intents.get(block.id);
  const result = record.results.get(block.id);
  const world = record.changes.get(block.id);
  const status = result?.status ?? (intent ? "open" : "unasked");
  return html`<div class="call ${status}" role="group" aria-label=${`call of ${oneLine(block.name, 60)}`}>
    <h4>
      <span id=${intent && `ev-${intent.seq}`}><bdi>${oneLine(block.name, 80)}</bdi></span> <${Status} result=${result} intent=${intent} />
    </h4>
    <${Arguments} block=${block} intent=${intent} told=${record.told.get(block.id)} spans=${marks.texts.get(keyOf({ seq: turn.seq, block: place }))} />
    ${result && html`<${Result} result=${result} here=${ev === result.seq} cited=${marks.events.get(result.seq)} />`}
    ${world && html`<${Changes} world=${world} here=${ev === world.seq} cited=${marks.events.get(world.seq)} />`}
  </div>`;
}

/** @param {{result: any, intent: any}} props */
function Status({ result, intent }) {
  if (!result) {
    const words = intent ? "begun, and nothing is known of what came of it" : "nothing is known of what came of it";
    return html`<${Badge} tone="unknown">${words}<//>`;
  }
  const [words, tone] = STATUS[result.status] ?? ["", ""];
  if (words) return html`<${Badge} tone=${tone}>${words}<//>`;
  return result.exit_code ? html`<${Badge} tone="warn">exit ${result.exit_code}<//>` : null;
}

/** What was told stands in full in the lane beside. @param {{block: any, intent: any, told: any[]|undefined, spans: any[]|undefined}} props */
function Arguments({ block, intent, told, spans }) {
  if (block.arguments === null || block.arguments === undefined) {
    return html`<div class="arguments"><${Output} value=${block.raw ?? ""} spans=${spans} label="as it came" /></div>`;
  }
  const names = Object.keys(block.arguments);
  const added = Object.entries(intent?.arguments ?? {}).filter(([name]) => !Object.hasOwn(block.arguments, name));
  const only = names.length === 1 && names[0] === "command" && typeof block.arguments.command === "string";
  const line = spans?.length ? jsonLine(block.arguments) : "";
  return html`<div class="arguments">
    ${line
      ? html`<code><${Text} value=${line} spans=${fitted(line, spans ?? [])} /></code>`
      : only
        ? html`<div class="command"><${Value} value=${block.arguments.command} /></div>`
        : names.length > 0 && html`<${Values} values=${block.arguments} instead=${(/** @type {any} */ value) => isTold(told, value) && html`<i class="soft">→ what it told, beside</i>`} />`}
    ${added.length > 0 && html`<p class="filled soft">by default: <bdi>${oneLine(added.map(([name, value]) => `${name} ${jsonLine(value)}`).join(", "))}</bdi></p>`}
  </div>`;
}

/** @param {any[]|undefined} told @param {any} value */
function isTold(told, value) {
  return typeof value === "string" && value.length > 40 && told?.some((report) => report.text.includes(value));
}

/** @param {{result: any, here: boolean, cited: any}} props */
function Result({ result, here, cited }) {
  const { stdout, stderr, value, error, truncated } = result;
  const said = value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const nothing = !stdout && !stderr && !said && !error;
  const classes = `result ${here ? "here" : ""} ${cited ? `cited ${cited.tone} ${cited.current ? "current" : ""}` : ""}`;
  return html`<div class=${classes} id=${`ev-${result.seq}`} tabindex="-1" role="group" aria-label="result">
    ${stdout && html`<${Output} value=${stdout} />`}
    ${said && html`<${Output} value=${said} />`}
    ${stderr && html`<${Output} value=${stderr} label="stderr" />`}
    ${error && html`<${Output} value=${error} label="error" />`}
    ${nothing && html`<span class="soft">no output</span>`}
    ${truncated && html`<p class="soft">something was cut out of this output before the agent saw it</p>`}
  </div>`;
}
