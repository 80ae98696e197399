// @ts-check
/** The sentence that says where two episodes part, and the way from difference to difference. */
import { html } from "../html.js";
import { amend } from "../route.js";
import { oneLine } from "../text.js";
import { placeOf } from "./place.js";

/** @type {Record<string, string>} */
export const DIFFERENCES = {
  alone: "a step that the other has not",
  calls: "other calls",
  arguments: "other arguments",
  results: "other results",
  told: "told other things",
  put: "other things put before it",
  files: "other changes of files",
  services: "other changes of services",
  causes: "changed by something else",
  end: "ended otherwise",
};

/** What follows from what was done: said only where nothing else differs. */
const WORLD = new Set(["files", "services", "causes"]);

/** @param {{a: any, b: any, alignment: import("./align.js").Alignment, stops: number[], current: number | null, step: (by: number) => void}} props */
export function Parting({ a, b, alignment, stops, current, step }) {
  const at = current === null ? -1 : stops.indexOf(current);
  return html`<div class="parting">
    <p class="verdict">${sentence(a, b, alignment)}</p>
    <div class="steps-of-difference">
      <button type="button" onClick=${() => step(-1)} disabled=${at <= 0}>previous difference <kbd>p</kbd></button>
      <button type="button" onClick=${() => step(1)} disabled=${at < 0 || at === stops.length - 1}>next difference <kbd>n</kbd></button>
      <span role="status">${stops.length ? `difference ${at + 1} of ${stops.length}: ${where(alignment.rows[/** @type {number} */ (current)])}` : "no difference"}</span>
    </div>
  </div>`;
}

/** "step 5 / 6", counted from 1 as the episodes' pages do. @param {import("./align.js").Row} row */
export function where(row) {
  return `step ${row.a === null ? "–" : row.a + 1} / ${row.b === null ? "–" : row.b + 1}`;
}

/** @param {any} a @param {any} b @param {import("./align.js").Alignment} alignment */
function sentence(a, b, alignment) {
  const { fork, parted, rows, approximate } = alignment;
  const parts = [fork && origin(a, b, fork)];
  if (parted === null) parts.push("In what they did and told, they don't differ.");
  else {
    const row = rows[parted];
    const words = row.differs.filter((what) => !WORLD.has(what) || row.differs.every((each) => WORLD.has(each))).map((what) => DIFFERENCES[what]);
    parts.push(html`They part at <button type="button" class="there" onClick=${() => amend({ row: parted })}>${where(row)}</button>: ${words.join(", ")}${alone(a, b, row)}.`);
  }
  if (approximate) parts.push("They differ too much to be aligned by what exactly was done, so steps stand beside each other by the tools that were used.");
  return parts.filter(Boolean).map((part) => html`<span>${part}${" "}</span>`);
}

/** @param {any} a @param {any} b @param {import("./align.js").Row} row */
function alone(a, b, row) {
  if (!row.differs.includes("alone")) return "";
  const [who, step] = row.a === null ? ["B", b.steps[row.b ?? 0]] : ["A", a.steps[row.a]];
  return ` (${who}: ${oneLine(step.title, 80)})`;
}

/** @param {any} a @param {any} b @param {import("./align.js").Origin} fork */
function origin(a, b, fork) {
  if (fork.kind === "siblings") return html`Both are forks of one parent and share what happened up to ${placeOf(a, fork.at)}.`;
  const [child, name] = fork.kind === "b of a" ? [b, "B"] : [a, "A"];
  const edits = child.about.fork.edits.length ? `with ${child.about.fork.edits.map((/** @type {string} */ edit) => oneLine(edit, 200)).join("; ")}` : "unedited";
  return html`${name} is a fork: it leaves ${name === "B" ? "A" : "B"} behind <b>${placeOf(child, fork.at)}</b>, ${edits}.`;
}
