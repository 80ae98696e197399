// @ts-check
/** Numbered lines of a file, with what was added and removed marked. Long files are shown in part. */
import { html, useState } from "../html.js";
import { Text } from "../text.js";
import { hunksOf } from "./difference.js";

/** @typedef {import("./difference.js").Line} Line */
/** @typedef {{compared: boolean, signed: boolean}} Shape  with the line's number before, with what happened to it */

const AT_ONCE = 400;
const LONGEST = 2_000;
const MARKS = { same: "", added: "+", removed: "−" };

/** @param {{lines: Line[], caption: string, whole?: boolean}} props `whole`: nothing is left out between what differs */
export function Lines({ lines, caption, whole = false }) {
  const [all, setAll] = useState(whole);
  const [shown, setShown] = useState(AT_ONCE);
  const hunks = all ? [{ skipped: 0, lines }] : hunksOf(lines);
  const total = hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  const shape = { compared: !whole, signed: lines.some((line) => line.kind !== "same") };
  return html`
    ${!whole &&
    total < lines.length &&
    html`<button type="button" class="small" onClick=${() => setAll(true)}>show all ${lines.length.toLocaleString("en")} lines</button>`}
    ${!whole && all && html`<button type="button" class="small" onClick=${() => setAll(false)}>show what differs</button>`}
    <table class="lines">
      <caption class="hidden">${caption}</caption>
      <thead class="hidden">
        <tr>
          ${shape.compared && html`<th scope="col">line before</th>`}
          <th scope="col">line</th>
          ${shape.signed && html`<th scope="col">change</th>`}
          <th scope="col">text</th>
        </tr>
      </thead>
      <tbody>
        ${rowsOf(hunks, shown, shape)}
      </tbody>
    </table>
    ${total > shown &&
    html`<button type="button" class="small" onClick=${() => setShown(shown + 5 * AT_ONCE)}>
      show more: ${(total - shown).toLocaleString("en")} lines
    </button>`}
  `;
}

/** @param {{skipped: number, lines: Line[]}[]} hunks @param {number} limit @param {Shape} shape */
function rowsOf(hunks, limit, shape) {
  const rows = [];
  let left = limit;
  for (const hunk of hunks) {
    if (left <= 0) break;
    if (hunk.skipped > 0) rows.push(html`<tr class="gap"><td colspan=${2 + Number(shape.compared) + Number(shape.signed)}>${counted(hunk.skipped)} the same</td></tr>`);
    for (const line of hunk.lines.slice(0, left)) rows.push(rowOf(line, shape));
    left -= hunk.lines.length;
  }
  return rows;
}

/** @param {Line} line @param {Shape} shape */
function rowOf(line, { compared, signed }) {
  return html`<tr class=${line.kind}>
    ${compared && html`<td class="no">${line.before}</td>`}
    <td class="no">${compared ? line.after : (line.after ?? line.before)}</td>
    ${signed &&
    html`<td class="sign">${line.kind !== "same" && html`<span aria-hidden="true">${MARKS[line.kind]}</span><span class="hidden">${line.kind}</span>`}</td>`}
    <td class="code"><${Text} value=${line.text} limit=${LONGEST} />${line.unended && html`<span class="note unended">no newline at the end</span>`}</td>
  </tr>`;
}

/** @param {number} count */
function counted(count) {
  return count === 1 ? "1 line" : `${count.toLocaleString("en")} lines`;
}
