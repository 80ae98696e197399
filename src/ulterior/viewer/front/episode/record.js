// @ts-check
/** A replay document with what the page keeps asking of it: which step an event is in, and what belongs to a call. */

/**
 * @typedef {Record<string, any>} Event
 * @typedef {{
 *   replay: any, steps: any[], events: Event[],
 *   at: Map<number, Event>, stepOf: (seq: number) => number,
 *   intents: Map<string, Event>, results: Map<string, Event>, changes: Map<string, Event>, told: Map<string, Event[]>,
 *   stops: Record<"event"|"tool"|"write"|"human", number[]>,
 *   thought: "words"|"rare"|"hidden"|"absent", leaving: Map<number, any[]>,
 *   tokens: number[], cost: (number|null)[], begun: number,
 * }} Record_
 */

/** @param {any} replay @returns {Record_} */
export function recordOf(replay) {
  const events = /** @type {Event[]} */ (replay.events);
  const steps = /** @type {any[]} */ (replay.steps);
  const at = new Map(events.map((event) => [event.seq, event]));
  return {
    replay,
    steps,
    events,
    at,
    stepOf: (seq) => stepAt(steps, seq),
    ...byCall(events),
    stops: stopsOf(events, steps),
    ...sums(steps),
    thought: thoughtIn(events),
    leaving: leavingAt(replay.branches, steps),
    begun: steps[0]?.clock ?? 0,
  };
}

/** The step that holds an event; the nearest one for an event that there is none of. @param {any[]} steps @param {number} seq */
function stepAt(steps, seq) {
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (steps[middle].first <= seq) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** @param {Event[]} events */
function byCall(events) {
  /** @type {Map<string, Event>} */ const intents = new Map();
  /** @type {Map<string, Event>} */ const results = new Map();
  /** @type {Map<string, Event>} */ const changes = new Map();
  /** @type {Map<string, Event[]>} */ const told = new Map();
  for (const event of events) {
    if (event.kind === "intent") intents.set(event.call, event);
    else if (event.kind === "result") results.set(event.call, event);
    else if (event.kind === "world") changes.set(event.cause, event);
    else if (event.kind === "report" && event.call) told.set(event.call, [...(told.get(event.call) ?? []), event]);
  }
  return { intents, results, changes, told };
}

/** Where the jumping keys stop, as event numbers in order. @param {Event[]} events @param {any[]} steps */
function stopsOf(events, steps) {
  /** @type {Record<"event"|"tool"|"write"|"human", number[]>} */
  const stops = { event: [], tool: [], write: [], human: [] };
  for (const event of events) {
    const changed = event.kind === "world" && touches(event);
    const called = event.kind === "result";
    if (called) stops.tool.push(event.seq);
    if (changed && !isInjected(event)) stops.write.push(event.seq);
    if (event.kind === "report") stops.human.push(event.seq);
    if (called || changed || ["model", "message", "report", "end"].includes(event.kind)) stops.event.push(event.seq);
  }
  if (steps.length && stops.event[0] !== steps[0].first) stops.event.unshift(steps[0].first);
  return stops;
}

/** What came back of its reasoning in the whole episode. @param {Event[]} events @returns {"words"|"rare"|"hidden"|"absent"} */
function thoughtIn(events) {
  const turns = events.filter((event) => event.kind === "model");
  const worded = turns.filter((turn) => turn.blocks.some((/** @type {any} */ block) => block.type === "reasoning" && block.text));
  if (worded.length) return worded.length * 3 < turns.length ? "rare" : "words";
  return turns.some((turn) => turn.reasoning === "hidden") ? "hidden" : "absent";
}

/** Branches by the step behind which they leave. @param {any[]} branches @param {any[]} steps @returns {Map<number, any[]>} */
function leavingAt(branches, steps) {
  const leaving = new Map();
  for (const branch of branches) {
    const step = stepAt(steps, branch.at);
    leaving.set(step, [...(leaving.get(step) ?? []), branch]);
  }
  return leaving;
}

/** @param {any[]} steps */
function sums(steps) {
  /** @type {number[]} */ const tokens = [];
  /** @type {(number|null)[]} */ const cost = [];
  let all = 0;
  let paid = /** @type {number|null} */ (0);
  for (const step of steps) {
    all += step.tokens;
    if (step.kind === "turn") paid = paid === null || step.cost === null ? null : paid + step.cost;
    tokens.push(all);
    cost.push(paid);
  }
  return { tokens, cost };
}

/** @param {Event} world */
export function touches(world) {
  return world.files.length > 0 || Object.keys(world.services).length > 0;
}

/** Whether a world event is the scenario's or an experimenter's doing. @param {Event} world */
function isInjected(world) {
  return world.cause === "setup" || world.cause.startsWith("schedule:") || world.cause.startsWith("edit:");
}

/** The first stop behind (or before) a place; null where there is none. @param {number[]} stops @param {number} seq @param {1|-1} way */
export function nextStop(stops, seq, way) {
  if (way > 0) return stops.find((stop) => stop > seq) ?? null;
  return stops.findLast((stop) => stop < seq) ?? null;
}
