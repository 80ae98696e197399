// @ts-check
/** Who changed what, and when: the causes of `world` events in words, and the events that touched a file or a service. */
import { countUpTo } from "./state.js";

/** @typedef {{seq: number, step: number, who: string, mine: boolean, what: string}} Touch
 *    `mine`: the agent's own call did it; `what`: added, removed, changed or made */
/** @typedef {{files: Map<string, Touch[]>, services: Map<string, Touch[]>}} Touches */

/** @type {WeakMap<object, Touches>} */
const known = new WeakMap();

/** @param {any} replay @returns {Touches} */
export function touchesOf(replay) {
  const found = known.get(replay) ?? collected(replay);
  known.set(replay, found);
  return found;
}

/** @param {any} replay @returns {Touches} */
function collected(replay) {
  const tools = toolsOf(replay.events);
  /** @type {Touches} */
  const touches = { files: new Map(), services: new Map() };
  for (const event of replay.events) {
    if (event.kind !== "world") continue;
    const touch = { seq: event.seq, step: stepOf(replay.steps, event.seq), ...causeOf(event.cause, tools) };
    for (const { path, before, after } of event.files) {
      listed(touches.files, path).push({ ...touch, what: !before ? "added" : !after ? "removed" : "changed" });
    }
    for (const name of Object.keys(event.services)) {
      const what = touches.services.has(name) ? "changed" : "made";
      listed(touches.services, name).push({ ...touch, what });
    }
  }
  return touches;
}

/** @template T @param {Map<string, T[]>} map @param {string} key @returns {T[]} */
function listed(map, key) {
  const found = map.get(key) ?? [];
  map.set(key, found);
  return found;
}

/** Names of the tools that calls called. @param {any[]} events @returns {Map<string, string>} */
export function toolsOf(events) {
  const tools = new Map();
  for (const event of events) if (event.kind === "intent" || event.kind === "result") tools.set(event.call, event.tool);
  return tools;
}

/** @param {string} cause @param {Map<string, string>} tools @returns {{who: string, mine: boolean}} */
export function causeOf(cause, tools) {
  if (cause === "setup") return { who: "the scenario's set-up", mine: false };
  if (cause.startsWith("schedule:")) return { who: `the scenario's schedule (${cause.slice(9)})`, mine: false };
  if (cause.startsWith("edit:")) return { who: `an experimenter's edit (${cause.slice(5)})`, mine: false };
  const tool = tools.get(cause);
  return { who: tool ? `the agent's call ${tool}` : `the agent's call ${cause}`, mine: true };
}

/** The step that an event belongs to. @param {{first: number, last: number}[]} steps @param {number} seq */
function stepOf(steps, seq) {
  return Math.max(0, countUpTo(steps, seq, (step) => step.first) - 1);
}
