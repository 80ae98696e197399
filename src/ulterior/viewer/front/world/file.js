// @ts-check
/** One file at one step: what it is, who made it so, and how it differs from what it is compared with. */
import { html, useMemo } from "../html.js";
import { brokenAtSlashes, Text } from "../text.js";
import { difference, linesOf } from "./difference.js";
import { Lines } from "./lines.js";
import { Sign, ToTouch } from "./marks.js";

/** @typedef {import("./state.js").Entry} Entry */
/** @typedef {import("./changes.js").Change} Change */
/** @typedef {{size: number, text: string|null}} Content */

/** Characters of a path that are shown at once. */
const LONG = 600;

/** @param {{path: string, entry: Entry|null, change: Change|null, against: string, contents: Record<string, Content>,
 *   touches: import("./touches.js").Touch[], step: number, close: (() => void)|null}} props */
export function File({ path, entry, change, against, contents, touches, step, close }) {
  const before = change ? change.before : entry;
  return html`<section class="onefile" aria-label="The chosen file">
    <header>
      <h3 dir="auto">${path.length > LONG ? html`<${Text} value=${path} limit=${LONG} />` : brokenAtSlashes(path)}</h3>
      ${close && html`<button type="button" class="quiet" onClick=${close}>close</button>`}
    </header>
    <p class="facts">
      ${change && html`<${Sign} kind=${change.kind} /> ${change.kind} since ${against} · `}${factsOf(entry ?? before, contents)}
    </p>
    <ul class="notes">${notesOf(change).map((note) => html`<li>${note}</li>`)}</ul>
    <${History} touches=${touches} step=${step} />
    <${Body} key=${keyOf(before) + keyOf(entry)} before=${before} after=${entry} contents=${contents} />
  </section>`;
}

/** @param {Entry|null} entry */
function keyOf(entry) {
  return entry ? `${entry.type} ${entry.digest} ` : "- ";
}

/** @param {Entry|null} entry @param {Record<string, Content>} contents */
function factsOf(entry, contents) {
  if (!entry) return "not there at this step";
  const size = entry.type === "file" && contentOf(contents, entry)?.size;
  const bytes = typeof size === "number" ? ` · ${size.toLocaleString("en")} ${size === 1 ? "byte" : "bytes"}` : "";
  return `${entry.type === "link" ? "a link" : entry.type} · mode ${modeOf(entry)}${bytes}`;
}

/** What differs beside the content. @param {Change|null} change @returns {any[]} */
function notesOf(change) {
  if (!change) return [];
  const { before, after, twin, kind } = change;
  const notes = [];
  if (twin) notes.push(html`${kind === "added" ? "Same content as the removed " : "Same content as the new "}<${Text} value=${twin} limit=${300} />: renamed, as it seems.`);
  if (before && after) {
    if (before.type !== after.type) notes.push(`It was a ${before.type} and is a ${after.type} now.`);
    if (before.mode !== after.mode) {
      const only = before.digest === after.digest && before.type === after.type;
      notes.push(`Mode ${modeOf(before)} → ${modeOf(after)}${only ? "; the content is the same" : ""}.`);
    }
  }
  return notes;
}

/** @param {Entry} entry */
function modeOf(entry) {
  return Number(entry.mode).toString(8).padStart(4, "0");
}

/** @param {{touches: import("./touches.js").Touch[], step: number}} props */
function History({ touches, step }) {
  const last = touches.findLast((touch) => touch.step <= step);
  return html`
    ${last && html`<p class="by"><${ToTouch} touch=${last} here=${step} /></p>`}
    ${touches.length > 1 &&
    html`<details class="history">
      <summary>history: ${touches.length} changes</summary>
      <ol>${touches.slice(0, 200).map((touch) => html`<li><${ToTouch} touch=${touch} here=${step} /></li>`)}</ol>
      ${touches.length > 200 && html`<p class="note">and ${touches.length - 200} more</p>`}
    </details>`}
  `;
}

/** @param {{before: Entry|null, after: Entry|null, contents: Record<string, Content>}} props */
function Body({ before, after, contents }) {
  const old = textOf(before, contents);
  const now = textOf(after, contents);
  const same = before && after && before.digest === after.digest && before.type === after.type;
  const lines = useMemo(() => {
    if (same) return null;
    if (old.text !== undefined && now.text !== undefined) return difference(old.text, now.text);
    return null;
  }, [before, after]);
  if (same) return html`<${Whole} side=${now} caption="Content of the file" kind="same" />`;
  if (!before) return html`<${Whole} side=${now} caption="Content of the new file" kind="added" />`;
  if (!after) return html`<${Whole} side=${old} caption="Content of the removed file" kind="removed" />`;
  if (lines) return html`<${Lines} lines=${lines} caption="Differences, line by line" />`;
  const both = old.text !== undefined && now.text !== undefined;
  return html`
    ${both && html`<p class="note">Too long or too different to be compared line by line: before and after.</p>`}
    <h4>before</h4>
    <${Whole} side=${old} caption="Content before" kind="removed" />
    <h4>after</h4>
    <${Whole} side=${now} caption="Content after" kind="added" />
  `;
}

/** @param {{side: {text?: string, note?: string}, caption: string, kind: "same"|"added"|"removed"}} props */
function Whole({ side, caption, kind }) {
  const lines = useMemo(() => (side.text === undefined ? [] : linesOf(side.text, kind)), [side.text, kind]);
  return html`
    ${side.note && html`<p class="note">${side.note}</p>`}
    ${side.text === "" ? html`<p class="note">It is empty.</p>` : lines.length > 0 && html`<${Lines} lines=${lines} caption=${caption} whole=${true} />`}
  `;
}

/** A content as text, or why there is none to show. @param {Entry|null} entry @param {Record<string, Content>} contents @returns {{text?: string, note?: string}} */
function textOf(entry, contents) {
  if (!entry || entry.type === "directory") return { note: entry ? "A folder." : "" };
  const content = contentOf(contents, entry);
  if (!content) return { note: "Its content is not in this trace." };
  if (content.text === null) return { note: `Not a text: ${content.size.toLocaleString("en")} bytes, SHA-256 ${entry.digest.slice(0, 16)}…` };
  return { text: content.text, note: entry.type === "link" ? "A link to:" : "" };
}

/** @param {Record<string, Content>} contents @param {Entry} entry @returns {Content|null} */
function contentOf(contents, entry) {
  return Object.hasOwn(contents, entry.digest) ? contents[entry.digest] : null;
}
