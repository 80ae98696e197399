// @ts-check
/** The strip above the scrubber: what every step holds, in shapes that can be told apart without their colours. */
import { html } from "../html.js";
import { oneLine } from "../text.js";
import { namesOf } from "./witnesses.js";

/** Half the width of the scrubber's thumb: its middle travels between these edges. */
const EDGE = 7;
const ROWS = { finding: 7, told: 20, seen: 31, tick: 46 };
const HEIGHT = 56;
const CROWDED = 12;
const WORST = ["bad", "warn", "good", "unknown", "plain"];

/** @param {number} step @param {number} steps @param {number} width */
export function placeOf(step, steps, width) {
  return EDGE + (steps < 2 ? 0 : step / (steps - 1)) * (width - 2 * EDGE);
}

/** Everything that is drawn: one column per step, or per bucket where there are more steps than room.
 * @param {import("./record.js").Record_} record @param {number} width @param {boolean} blind */
export function columnsOf(record, width, blind) {
  const { steps } = record;
  const tones = blind ? new Map() : tonesOf(record);
  const room = Math.max(1, Math.floor((width - 2 * EDGE) / 4));
  const each = Math.max(1, Math.ceil(steps.length / room));
  const columns = [];
  for (let first = 0; first < steps.length; first += each) {
    const bucket = steps.slice(first, first + each);
    const found = bucket.flatMap((step) => tones.get(step.n) ?? []);
    const seen = bucket.flatMap((step) => step.witnesses);
    columns.push({
      words: wordsOf(bucket, seen),
      x: placeOf(first + (bucket.length - 1) / 2, steps.length, width),
      tone: WORST.find((tone) => found.includes(tone)),
      told: bucket.some((step) => step.tells),
      seen: seen.some((each) => each.openness !== "open") ? "seen" : seen.length > 0 && "open",
      shares: {
        told: bucket.filter((step) => step.tells).length / bucket.length,
        seen: bucket.filter((step) => step.witnesses.length).length / bucket.length,
        write: bucket.filter((step) => step.writes).length / bucket.length,
      },
      tick: bucket.some((step) => step.writes) ? "write" : bucket.some((step) => step.kind === "turn") ? "turn" : bucket[0].kind,
    });
  }
  return columns;
}

/** What is said of a column when somebody points at it. @param {any[]} bucket @param {any[]} seen */
function wordsOf(bucket, seen) {
  const [first, last] = [bucket[0], bucket[bucket.length - 1]];
  const which = first === last ? `step ${first.n + 1}: ${oneLine(first.title, 80)}` : `steps ${first.n + 1} to ${last.n + 1}`;
  return seen.length ? `${which}\nwho could have seen this: ${namesOf(seen)}` : which;
}

/** By step, the tones of the findings that cite it. @param {import("./record.js").Record_} record @returns {Map<number, string[]>} */
function tonesOf(record) {
  const tones = new Map();
  for (const finding of record.replay.findings) {
    for (const proof of finding.proofs) {
      if (!proof.resolves) continue;
      const step = record.stepOf(proof.seq);
      tones.set(step, [...(tones.get(step) ?? []), finding.tone]);
    }
  }
  return tones;
}

/** @param {{columns: ReturnType<typeof columnsOf>, width: number}} props */
export function Strip({ columns, width }) {
  const breadth = (width - 2 * EDGE) / Math.max(1, columns.length - 1);
  const Marks = breadth < CROWDED ? Bars : Shapes;
  return html`<svg class="strip" width=${width} height=${HEIGHT} viewBox="0 0 ${width} ${HEIGHT}" aria-hidden="true">
    ${columns.map(
      (column) => html`<g>
        <title>${column.words}</title>
        <rect class="ground" x=${column.x - breadth / 2} y="0" width=${breadth} height=${HEIGHT} />
        ${column.tone && html`<${Mark} kind=${column.tone} x=${column.x} y=${ROWS.finding} />`}
        <${Marks} column=${column} breadth=${breadth} />
      </g>`,
    )}
  </svg>`;
}

/** @typedef {ReturnType<typeof columnsOf>[number]} Column */

/** @param {{column: Column}} props */
function Shapes({ column }) {
  return html`${column.told && html`<${Mark} kind="told" x=${column.x} y=${ROWS.told} />`}
    ${column.seen && html`<${Mark} kind=${column.seen} x=${column.x} y=${ROWS.seen} />`}
    <${Mark} kind=${column.tick} x=${column.x} y=${ROWS.tick} />`;
}

/** Where shapes would lie over each other: how many of the column's steps tell, are seen and change something, as bars.
 * @param {{column: Column, breadth: number}} props */
function Bars({ column, breadth }) {
  const { told, seen, write } = column.shares;
  const bar = (/** @type {string} */ kind, /** @type {number} */ share, /** @type {number} */ foot, /** @type {number} */ tall) =>
    share > 0 && html`<rect class="bar-of ${kind}" x=${column.x - breadth * 0.4} y=${foot - 1 - share * tall} width=${breadth * 0.8} height=${1 + share * tall} />`;
  return html`${bar("told", told, 24, 8)}${bar("seen", seen, 35, 6)}${bar("write", write, 54, 14)}
    ${column.tick === "outside" && html`<${Mark} kind="outside" x=${column.x} y=${ROWS.tick} />`}`;
}

/** One mark around a point. @param {{kind: string, x: number, y: number}} props */
export function Mark({ kind, x, y }) {
  switch (kind) {
    case "bad":
      return html`<circle class="mark bad" cx=${x} cy=${y} r="5" />`;
    case "warn":
      return html`<path class="mark warn" d=${`M${x} ${y - 5.5} l5.5 5.5 l-5.5 5.5 l-5.5 -5.5 Z`} />`;
    case "good":
      return html`<circle class="mark good" cx=${x} cy=${y} r="4" />`;
    case "unknown":
    case "plain":
      return html`<path class="mark plain" d=${`M${x - 4} ${y} h8`} />`;
    case "told":
      return html`<path class="mark told" d=${`M${x - 4.5} ${y - 4} h9 v6 h-5 l-2.5 3 v-3 h-1.5 Z`} />`;
    case "seen":
      return html`<g class="mark seen"><path d=${`M${x - 5} ${y} q5 -5.5 10 0 q-5 5.5 -10 0 Z`} /><circle cx=${x} cy=${y} r="1.4" /></g>`;
    case "open":
      return html`<path class="mark seen" d=${`M${x - 5} ${y} q5 -5.5 10 0 q-5 5.5 -10 0 Z`} />`;
    case "write":
      return html`<rect class="mark write" x=${x - 3} y=${y - 8} width="6" height="16" />`;
    case "turn":
      return html`<path class="mark turn" d=${`M${x} ${y - 5} v10`} />`;
    case "bar":
      return html`<path class="mark told" d=${`M${x - 6} ${y + 5} v-4 h4 v-5 h4 v3 h4 v6 Z`} />`;
    case "outside":
      return html`<path class="mark outside" d=${`M${x - 4} ${y - 4} h8 l-4 7 Z`} />`;
    default:
      return html`<path class="mark turn" d=${`M${x - 3} ${y - 6} v12 m6 -12 v12`} />`;
  }
}
