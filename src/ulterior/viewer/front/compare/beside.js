// @ts-check
/** A text of one side, with the lines that the other side has not marked. */
import { html, useMemo, useState } from "../html.js";
import { Text, visible } from "../text.js";
import { diffLines } from "../vendor/diff/diff/line.js";

const SHORT = 160;
const LONGEST = 200_000; // beyond this lines are not compared
const CONTEXT = 2;
const FOLDED = 3; // so many equal lines far from any other are worth folding
const SHOWN = 60;

/** @param {{mine: string, theirs: string | null | undefined, first: boolean}} props `theirs` is null where the other side
 * has none, undefined where nothing is to be compared */
export function Beside({ mine, theirs, first }) {
  if (theirs === undefined) return html`<span class="alike"><${Text} value=${mine} limit=${2000} /></span>`;
  if (mine === theirs) return html`<span class="alike"><${Text} value=${mine} limit=${SHORT * 2} /></span>`;
  const brief = mine.length <= SHORT && !mine.trimEnd().includes("\n");
  if (brief || theirs === null || mine.length + theirs.length > LONGEST) {
    return html`<span class=${`own ${brief ? "brief" : "long"}`}><span class="hidden">differs: </span><${Text} value=${mine} limit=${2000} /></span>`;
  }
  return html`<${Lines} mine=${mine} theirs=${theirs} first=${first} />`;
}

/** @param {{mine: string, theirs: string, first: boolean}} props */
function Lines({ mine, theirs, first }) {
  const [whole, setWhole] = useState(false);
  const lines = useMemo(() => ownLines(mine, theirs, first), [mine, theirs, first]);
  if (!lines) return html`<span class="own long"><${Text} value=${mine} limit=${2000} /></span>`;
  const short = shortened(lines);
  const kept = whole ? lines : short.slice(0, SHOWN);
  return html`<div class="lines">
    ${kept.map((line) =>
      line.skipped
        ? html`<p class="skipped">${line.skipped} equal lines</p>`
        : html`<p class=${line.own ? "line own" : "line"}>${line.own && html`<span class="hidden">differs: </span>`}${visible(line.text.slice(0, 2000)) || " "}</p>`,
    )}
    ${!whole && (kept.length < short.length || short.length < lines.length) && html`<button type="button" class="more" onClick=${() => setWhole(true)}>show all ${lines.length} lines</button>`}
  </div>`;
}

/** @typedef {{text: string, own: boolean, skipped?: number}} Line */

/** The lines of one side, in order; null when they are too different to be compared in time.
 * @param {string} mine @param {string} theirs @param {boolean} first @returns {Line[] | null} */
function ownLines(mine, theirs, first) {
  const parts = first ? diffLines(mine, theirs, { timeout: 200 }) : diffLines(theirs, mine, { timeout: 200 });
  if (!parts) return null;
  return parts
    .filter((part) => (first ? !part.added : !part.removed))
    .flatMap((part) => part.value.replace(/\n$/, "").split("\n").map((text) => ({ text, own: part.added || part.removed })));
}

/** Equal lines far from any other are counted. @param {Line[]} lines @returns {Line[]} */
function shortened(lines) {
  const near = new Set(lines.flatMap((line, n) => (line.own ? Array.from({ length: 2 * CONTEXT + 1 }, (_, k) => n + k - CONTEXT) : [])));
  /** @type {Line[]} */
  const out = [];
  for (let n = 0; n < lines.length; ) {
    let end = n;
    while (end < lines.length && !near.has(end)) end += 1;
    if (end - n >= FOLDED) out.push({ text: "", own: false, skipped: end - n });
    else out.push(...lines.slice(n, end));
    if (end < lines.length) out.push(lines[end]);
    n = end + 1;
  }
  return out;
}
