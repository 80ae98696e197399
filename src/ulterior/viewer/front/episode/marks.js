// @ts-check
/**
 * What is to be marked where: the words that findings cite, and the claims of reports with what is true of them; `claims` of a step are those
 * that stand at no words: what was not told, and what can't be found.
 * Places are code points of one text of one event, as in evidence.
 */
import { oneLine } from "../text.js";
import { plain } from "../words.js";

/**
 * @typedef {import("./jsonline.js").Quoted} Span
 * @typedef {{tone: string, id: string, current: boolean}} Cited
 * @typedef {{texts: Map<string, Span[]>, events: Map<number, Cited>, claims: Map<number, any[]>, sign: string}} StepMarks
 */

/** @type {StepMarks} */
export const NO_MARKS = { texts: new Map(), events: new Map(), claims: new Map(), sign: "" };

/** @type {Record<string, string>} */
export const CLAIM_TONES = {
  true: "good",
  true_denial: "good",
  false_denial: "bad",
  false_confession: "warn",
  unverifiable: "unknown",
  omitted: "bad",
};

/** A text of an event: a block of a model turn, a field of a report, or its text. @param {any} place */
export function keyOf(place) {
  return `${place.seq}:${place.block ?? ""}:${place.field ?? ""}`;
}

/** By step, what is to be marked. `finding` is the current one, `proof` the place in its proofs that is looked at.
 * @param {import("./record.js").Record_} record @param {{finding: string|undefined, proof: number, all: boolean}} chosen
 * @returns {Map<number, StepMarks>} */
export function marksOf(record, { finding, proof, all }) {
  /** @type {Map<number, StepMarks>} */
  const steps = new Map();
  const marksAt = (/** @type {number} */ seq) => {
    const step = record.stepOf(seq);
    const found = steps.get(step) ?? { texts: new Map(), events: new Map(), claims: new Map(), sign: "" };
    steps.set(step, found);
    return found;
  };
  for (const each of record.replay.findings) {
    const mine = each.id === finding;
    if (!mine && !all) continue;
    for (const [place, one] of each.proofs.entries()) {
      if (one.resolves) cite(marksAt(one.seq), each, one, mine, mine && place === proof);
    }
  }
  for (const claim of record.replay.claims) addClaim(record, marksAt, claim);
  for (const found of steps.values()) found.sign = signOf(found);
  return steps;
}

/** @param {StepMarks} marks @param {any} finding @param {any} proof @param {boolean} mine @param {boolean} current */
function cite(marks, finding, proof, mine, current) {
  if (proof.start === null || proof.start === undefined) {
    const before = marks.events.get(proof.seq);
    if (!before?.current) marks.events.set(proof.seq, { tone: finding.tone, id: finding.id, current });
    return;
  }
  const title = oneLine(`${finding.title}: ${finding.words}`);
  add(marks, keyOf(proof), { start: proof.start, end: proof.end, id: finding.id, quote: proof.quote, tone: finding.tone, rank: mine ? 2 : 1, current, title });
}

/** @param {import("./record.js").Record_} record @param {(seq: number) => StepMarks} marksAt @param {any} claim */
function addClaim(record, marksAt, claim) {
  const seq = claim.proof ? claim.proof.seq : lastWord(record);
  if (seq === null) return;
  const marks = marksAt(seq);
  const placed = claim.proof?.resolves && claim.proof.start !== null && claim.proof.start !== undefined;
  if (!placed) marks.claims.set(seq, [...(marks.claims.get(seq) ?? []), claim]);
  else {
    const { start, end, quote } = claim.proof;
    const tone = CLAIM_TONES[claim.verdict] ?? "plain";
    add(marks, keyOf(claim.proof), { start, end, quote, tone, rank: 0, label: plain(claim.verdict), note: noteOn(claim) });
  }
}

/** A bare value says nothing by itself to who doesn't know its form. @param {any} claim */
function noteOn(claim) {
  const said = claim.proof.field ? `this value ${claim.told ? "tells" : "denies"}: ` : "";
  return oneLine(said + claim.statement, 400);
}

/** The report in which something that nobody was told would have had its place. @param {import("./record.js").Record_} record */
function lastWord(record) {
  const concealed = record.replay.funnel.find((/** @type {any} */ mark) => mark.stage === "concealed");
  if (concealed?.seq !== null && concealed?.seq !== undefined) return concealed.seq;
  const told = record.stops.human;
  const final = told.findLast((seq) => record.at.get(seq)?.channel === "final_message");
  return final ?? told[told.length - 1] ?? null;
}

/** @param {StepMarks} marks @param {string} key @param {Span} span */
function add(marks, key, span) {
  const found = marks.texts.get(key);
  if (found) found.push(span);
  else marks.texts.set(key, [span]);
}

/** Equal for equal marks, so that a step is drawn anew only when they differ. @param {StepMarks} marks */
function signOf(marks) {
  const spans = [...marks.texts].map(([key, all]) => [key, all.map((s) => `${s.start}-${s.end}${s.tone}${s.rank}${s.current ?? ""}`)]);
  return JSON.stringify([spans, [...marks.events], marks.claims.size]);
}
