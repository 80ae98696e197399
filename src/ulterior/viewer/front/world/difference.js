// @ts-check
/** Two contents line by line: what a unified diff shows, and when it would be no use. */
import { diffLines } from "../vendor/diff/diff/line.js";

/** @typedef {{kind: "same"|"added"|"removed", before: number|null, after: number|null, text: string, unended: boolean}} Line
 *    numbers from 1; `unended`: no newline behind it */

const MOST_UNITS = 1_500_000;
const MOST_EDITS = 4_000;
const MOST_MILLISECONDS = 250;

/** All lines of the two; null when they are too long or too different to be compared in a moment.
 * @param {string} before @param {string} after @returns {Line[]|null} */
export function difference(before, after) {
  if (before.length + after.length > MOST_UNITS) return null;
  const parts = diffLines(before, after, { timeout: MOST_MILLISECONDS, maxEditLength: MOST_EDITS });
  if (!parts) return null;
  /** @type {Line[]} */
  const lines = [];
  let old = 0;
  let now = 0;
  for (const part of parts) {
    const kind = part.added ? "added" : part.removed ? "removed" : "same";
    for (const { text, unended } of split(part.value)) {
      if (!part.added) old += 1;
      if (!part.removed) now += 1;
      lines.push({ kind, before: part.added ? null : old, after: part.removed ? null : now, text, unended });
    }
  }
  return lines;
}

/** A content as lines that are all of one kind. @param {string} text @param {"same"|"added"|"removed"} kind @returns {Line[]} */
export function linesOf(text, kind = "same") {
  return split(text).map((line, index) => ({
    kind,
    before: kind === "added" ? null : index + 1,
    after: kind === "removed" ? null : index + 1,
    ...line,
  }));
}

/** @param {string} text @returns {{text: string, unended: boolean}[]} */
function split(text) {
  const pieces = text.split("\n");
  const last = pieces.pop() ?? "";
  const lines = pieces.map((piece) => ({ text: piece, unended: false }));
  if (last !== "") lines.push({ text: last, unended: true });
  return lines;
}

/** Stretches around what differs, each with so many lines of context; `skipped` lines stand before it.
 * @param {Line[]} lines @param {number} [context] @returns {{skipped: number, lines: Line[]}[]} */
export function hunksOf(lines, context = 3) {
  /** @type {{from: number, to: number}[]} */
  const ranges = [];
  lines.forEach((line, at) => {
    if (line.kind === "same") return;
    const last = ranges[ranges.length - 1];
    if (last && at - context <= last.to) last.to = at + context + 1;
    else ranges.push({ from: Math.max(0, at - context), to: at + context + 1 });
  });
  return ranges.map(({ from, to }, index) => ({
    skipped: from - (index ? Math.min(ranges[index - 1].to, lines.length) : 0),
    lines: lines.slice(from, to),
  }));
}
