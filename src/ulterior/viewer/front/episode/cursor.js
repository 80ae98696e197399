// @ts-check
/** Where the reader is in an episode, and the ways to go somewhere else. All of it is in the address. */
import { amend } from "../route.js";
import { nextStop } from "./record.js";

/** @typedef {import("./record.js").Record_} Record_ */
/** @typedef {{ev: number, step: number, finding: string|undefined, proof: number, all: boolean}} Cursor */

/** @param {Record_} record @param {Record<string, string>} params @returns {Cursor} */
export function cursorOf(record, params) {
  const finding = record.replay.findings.find((/** @type {any} */ each) => each.id === params.f);
  const proof = whole(params.proof) ?? firstProof(finding);
  const fallback = finding?.proofs[proof]?.resolves ? finding.proofs[proof].seq : (record.events[0]?.seq ?? 0);
  const last = record.events[record.events.length - 1]?.seq ?? 0;
  const ev = Math.min(whole(params.ev) ?? fallback, last);
  return { ev, step: record.stepOf(ev), finding: finding?.id, proof, all: params.marks === "all" };
}

/** @param {string|undefined} text */
function whole(text) {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** @param {any} finding */
function firstProof(finding) {
  return Math.max(0, finding?.proofs.findIndex((/** @type {any} */ each) => each.resolves) ?? 0);
}

/** @param {number|null|undefined} seq */
export function goTo(seq) {
  if (seq !== null && seq !== undefined) amend({ ev: seq });
}

/** @param {Record_} record @param {number} step */
export function goToStep(record, step) {
  goTo(record.steps[Math.max(0, Math.min(step, record.steps.length - 1))]?.first);
}

/** @param {string} finding @param {number} proof @param {number} seq */
export function goToProof(finding, proof, seq) {
  amend({ f: finding, proof, ev: seq, pane: null });
}

/** The id of a proof's button. @param {Record_} record @param {string|undefined} finding @param {number} proof */
export function proofId(record, finding, proof) {
  return `proof-${record.replay.findings.findIndex((/** @type {any} */ each) => each.id === finding)}-${proof}`;
}

/** All proofs that can be looked at, in the order of the trace. @param {Record_} record */
function proofsOf(record) {
  /** @type {{finding: string, proof: number, seq: number}[]} */
  const found = [];
  for (const finding of record.replay.findings) {
    for (const [place, proof] of finding.proofs.entries()) {
      if (proof.resolves) found.push({ finding: finding.id, proof: place, seq: proof.seq });
    }
  }
  return found.sort((a, b) => a.seq - b.seq);
}

/** The next proof, or the one before, from the one that is looked at or else from where the cursor is.
 * @param {Record_} record @param {Cursor} cursor @param {1|-1} way */
export function goToNextProof(record, cursor, way) {
  const proofs = proofsOf(record);
  const now = proofs.findIndex((each) => each.finding === cursor.finding && each.proof === cursor.proof && each.seq === cursor.ev);
  const next =
    now >= 0
      ? proofs[now + way]
      : way > 0
        ? proofs.find((each) => each.seq >= cursor.ev)
        : proofs.findLast((each) => each.seq <= cursor.ev);
  if (next) goToProof(next.finding, next.proof, next.seq);
}

/** @param {Record_} record @param {Cursor} cursor @param {"event"|"tool"|"write"|"human"} kind @param {1|-1} way */
export function goToNext(record, cursor, kind, way) {
  goTo(nextStop(record.stops[kind], cursor.ev, way));
}

/** What the world is compared with, one after the other. @param {Record<string, string>} params */
export function nextBase(params) {
  const bases = params.pin ? ["prev", "start", "pin"] : ["prev", "start"];
  return bases[(bases.indexOf(params.diff ?? "prev") + 1) % bases.length];
}
