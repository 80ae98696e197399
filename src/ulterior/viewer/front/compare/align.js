// @ts-check
/**
 * Two episodes side by side: which step of one stands beside which of the other, and where they part.
 *
 * Theory of operation. A fork shares its parent's events up to the one that it leaves it by, so these steps stand side by side by their
 * number. What comes after, and two episodes that share nothing, is aligned by what was done: first steps with equal
 * signatures (calls with their arguments, told words, questions) by the shortest edit script, then, between these, steps that are
 * of one sort (the same tools, the answer to the same question). The rest stands alone.
 *
 * Two episodes *part* at the first step in which what the agent did or told differs. What was put before it (the briefing,
 * a question, an experimenter's edit) may differ earlier: that is the condition, not the agent.
 */
import { diffArrays } from "../vendor/diff/diff/array.js";
import { canonical, summaryOf } from "./summary.js";

/**
 * @typedef {{a: number | null, b: number | null, shared: boolean, differs: string[]}} Row  indices into the steps of each
 * @typedef {{rows: Row[], parted: number | null, fork: Origin | null, approximate: boolean}} Alignment
 * @typedef {{at: number, kind: "b of a" | "a of b" | "siblings"}} Origin
 * @typedef {import("./summary.js").Summary} Summary
 * @typedef {{kind: string, purpose: string | null, summary: Summary, signature: string, sort: string}} Known
 */

const MOST_EDITS = 1500; // of one edit script: what is further apart is aligned more coarsely, on any machine alike

/** @param {any} a @param {any} b two replay documents @returns {Alignment} */
export function align(a, b) {
  const left = a.steps.map((/** @type {any} */ step) => known(a, step));
  const right = b.steps.map((/** @type {any} */ step) => known(b, step));
  const fork = originOf(a.about, b.about);
  const common = fork ? Math.min(sharedSteps(a, fork.at), sharedSteps(b, fork.at)) : 0;
  /** @type {[number | null, number | null][]} */
  const pairs = [];
  for (let n = 0; n < common; n += 1) pairs.push([n, n]);
  const rest = matched(left.slice(common), right.slice(common));
  for (const [i, j] of rest.pairs) pairs.push([i === null ? null : i + common, j === null ? null : j + common]);
  const rows = pairs.map(([i, j], n) => ({ a: i, b: j, shared: n < common, differs: differences(i === null ? null : left[i], j === null ? null : right[j]) }));
  const parted = rows.findIndex((row) => row.differs.some((what) => OWN.has(what)));
  return { rows, parted: parted < 0 ? null : parted, fork, approximate: rest.approximate };
}

/** Which differences are the agent's own. */
const OWN = new Set(["alone", "calls", "arguments", "told", "end"]);

/** @param {any} replay @param {any} step @returns {Known} */
function known(replay, step) {
  const summary = summaryOf(replay, step);
  const question = summary.told.find((told) => told.question)?.question ?? summary.put.find((put) => put.question)?.question ?? "";
  const calls = summary.calls.map((call) => `${call.name} ${call.args === null ? call.raw : canonical(call.args)}`);
  const told = summary.told.map((each) => [each.to, each.channel, each.text, canonical(each.fields)]);
  const fixed = step.kind === "setup" || step.kind === "end";
  const sort = fixed
    ? step.kind
    : JSON.stringify([step.kind, step.purpose, question, step.kind === "turn" ? summary.calls.map((call) => call.name) : summary.put.map((put) => put.origin)]);
  const signature = fixed ? step.kind : JSON.stringify([sort, calls, told, summary.put.map((put) => [put.author, put.text]), summary.causes.map(sortOfCause)]);
  return { kind: step.kind, purpose: step.purpose, summary, signature, sort };
}

/** Ids of calls differ where nothing else does. @param {string} cause */
function sortOfCause(cause) {
  return cause.includes(":") || cause === "setup" ? cause : "call";
}

/** @param {any} a @param {any} b what each replay says it is @returns {Origin | null} */
function originOf(a, b) {
  if (b.fork?.parent === a.episode) return { at: b.fork.at, kind: "b of a" };
  if (a.fork?.parent === b.episode) return { at: a.fork.at, kind: "a of b" };
  if (a.fork && a.fork.parent === b.fork?.parent) return { at: Math.min(a.fork.at, b.fork.at), kind: "siblings" };
  return null;
}

/** How many steps begin by the event at which the fork left. @param {any} replay @param {number} at */
function sharedSteps(replay, at) {
  return replay.steps.filter((/** @type {any} */ step) => step.first <= at).length;
}

/** @param {Known[]} left @param {Known[]} right */
function matched(left, right) {
  const all = scripted(left.map((step) => step.signature), right.map((step) => step.signature));
  if (!all) return { pairs: bySort(left, 0, left.length, right, 0, right.length), approximate: true };
  /** @type {[number | null, number | null][]} */
  const pairs = [];
  for (const { same, from, to, other, end } of all) {
    if (same) for (let n = 0; n < to - from; n += 1) pairs.push([from + n, other + n]);
    else pairs.push(...bySort(left, from, to, right, other, end));
  }
  return { pairs, approximate: false };
}

/** Steps of one sort stand beside each other, in order; between them, nobody does.
 * @param {Known[]} left @param {number} from @param {number} to @param {Known[]} right @param {number} other @param {number} end
 * @returns {[number | null, number | null][]} */
function bySort(left, from, to, right, other, end) {
  const runs = scripted(left.slice(from, to).map((step) => step.sort), right.slice(other, end).map((step) => step.sort));
  if (!runs) return byNumber(from, to, other, end);
  return runs.flatMap((run) =>
    run.same
      ? byNumber(from + run.from, from + run.to, other + run.other, other + run.end)
      : [...alone(from + run.from, from + run.to, true), ...alone(other + run.other, other + run.end, false)],
  );
}

/** @param {number} from @param {number} to @param {number} other @param {number} end @returns {[number | null, number | null][]} */
function byNumber(from, to, other, end) {
  const both = Math.min(to - from, end - other);
  /** @type {[number | null, number | null][]} */
  const pairs = Array.from({ length: both }, (_, n) => [from + n, other + n]);
  return [...pairs, ...alone(from + both, to, true), ...alone(other + both, end, false)];
}

/** @param {number} from @param {number} to @param {boolean} left @returns {[number | null, number | null][]} */
function alone(from, to, left) {
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => (left ? [from + n, null] : [null, from + n]));
}

/** The shortest edit script as runs that are the same in both and runs that are replaced; null when it takes too many edits.
 * @param {string[]} left @param {string[]} right */
function scripted(left, right) {
  /** @type {Map<string, number>} */
  const numbers = new Map(); // numbers are compared faster than long words that begin alike
  for (const word of [...left, ...right]) if (!numbers.has(word)) numbers.set(word, numbers.size);
  /** @param {string} word */
  const numbered = (word) => numbers.get(word) ?? -1;
  const parts = diffArrays(left.map(numbered), right.map(numbered), { maxEditLength: MOST_EDITS });
  if (!parts) return null;
  /** @type {{same: boolean, from: number, to: number, other: number, end: number}[]} */
  const runs = [];
  let i = 0;
  let j = 0;
  for (const part of parts) {
    const last = runs.at(-1);
    const same = !part.added && !part.removed;
    const [di, dj] = [part.added ? 0 : part.count, part.removed ? 0 : part.count];
    if (last && !last.same && !same) Object.assign(last, { to: last.to + di, end: last.end + dj });
    else runs.push({ same, from: i, to: i + di, other: j, end: j + dj });
    i += di;
    j += dj;
  }
  return runs;
}

/** In what two steps that stand beside each other differ, in words; nothing when they are equal.
 * @param {Known | null} a @param {Known | null} b @returns {string[]} */
function differences(a, b) {
  if (!a || !b) return [(a ?? b)?.kind === "outside" ? "put" : "alone"];
  const [one, other] = [a.summary, b.summary];
  const found = [];
  const names = (/** @type {Summary} */ summary) => summary.calls.map((call) => call.name);
  const args = (/** @type {Summary} */ summary) => summary.calls.map((call) => (call.args === null ? call.raw : canonical(call.args)));
  if (differ(names(one), names(other))) found.push("calls");
  else if (differ(args(one), args(other))) found.push("arguments");
  if (differ(one.calls.map((call) => [call.status, call.outcome]), other.calls.map((call) => [call.status, call.outcome]))) found.push("results");
  if (differ(toldOf(one), toldOf(other))) found.push("told");
  if (differ(one.put.map((put) => [put.author, put.text]), other.put.map((put) => [put.author, put.text]))) found.push("put");
  if (differ(one.files, other.files)) found.push("files");
  if (differ(one.services, other.services)) found.push("services");
  if (differ(one.causes.map(sortOfCause), other.causes.map(sortOfCause))) found.push("causes");
  if (one.end !== other.end) found.push("end");
  return found;
}

/** @param {Summary} summary */
function toldOf(summary) {
  return summary.told.map((told) => [told.to, told.channel, told.text, canonical(told.fields)]);
}

/** @param {any} one @param {any} other */
function differ(one, other) {
  return JSON.stringify(one) !== JSON.stringify(other);
}
