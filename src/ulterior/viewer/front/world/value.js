// @ts-check
/** Any JSON value as a readable tree; lists of equal records as tables; what differs from before marked. */
import { html, useState } from "../html.js";
import { oneLine, Text } from "../text.js";
import { Fresh } from "./marks.js";
import { moment } from "./moments.js";
import { same } from "./patch.js";
import { entriesOf } from "./shapes.js";

const DEEPEST = 24;
const AT_ONCE = 60;
const TIMES = /^(at|answered|since|until|due|started|ended|when)$/;

/** @typedef {{value: any, before: any, compared: boolean, name?: string, depth?: number}} Props  before undefined: it wasn't there */

/** @param {Props} props */
export function Value({ value, before, compared, name = "", depth = 0 }) {
  if (value === null || typeof value !== "object") return html`<${Scalar} value=${value} before=${before} compared=${compared} name=${name} />`;
  const entries = entriesOf(value);
  if (entries.length === 0) return html`<span class="soft">${Array.isArray(value) ? "empty list" : "nothing"}</span>`;
  if (depth > DEEPEST) return html`<span class="note">nested deeper than is shown here</span>`;
  const columns = Array.isArray(value) ? columnsOf(value) : null;
  if (columns) return html`<${Records} rows=${value} before=${Array.isArray(before) ? before : []} columns=${columns} compared=${compared} />`;
  return html`<${Entries} entries=${entries} before=${before} compared=${compared} depth=${depth} />`;
}

/** @param {{entries: [string, any][], before: any, compared: boolean, depth: number}} props */
function Entries({ entries, before, compared, depth }) {
  const [shown, setShown] = useState(AT_ONCE);
  return html`<ul class="values">
      ${entries.slice(0, shown).map(([name, value]) => {
        const old = oldOf(before, name);
        const differs = compared && !same(old, value);
        const inside = html`<${Value} value=${value} before=${old} compared=${compared && !isNew(old, value)} name=${name} depth=${depth + 1} />`;
        const label = html`<span class="key">${oneLine(name, 80)}</span>${differs && isLarge(value) && html`<${Fresh} kind=${isNew(old, value) ? "new" : "changed"} />`}`;
        return html`<li key=${name}>
          ${isLarge(value) ? html`<details open=${differs || depth < 1}><summary>${label}${sizeOf(value)}</summary>${inside}</details>` : html`${label} ${inside}`}
        </li>`;
      })}
    </ul>
    ${entries.length > shown && html`<button type="button" class="small" onClick=${() => setShown(shown + 10 * AT_ONCE)}>show more: ${entries.length - shown}</button>`}`;
}

/** @param {{rows: any[], before: any[], columns: string[], compared: boolean}} props */
function Records({ rows, before, columns, compared }) {
  const [shown, setShown] = useState(AT_ONCE);
  return html`<div class="wide" tabindex="0" role="group" aria-label="Records">
      <table class="records">
        <thead><tr>${columns.map((name) => html`<th scope="col">${oneLine(name, 30)}</th>`)}</tr></thead>
        <tbody>
          ${rows.slice(0, shown).map((row, index) => {
            const fresh = compared && index >= before.length;
            return html`<tr class=${fresh ? "fresh-row" : ""}>${columns.map(
              (name, column) =>
                html`<td><${Scalar} value=${row[name]} before=${oldOf(before[index], name)} compared=${compared && !fresh} name=${name} />${fresh && column === 0 && html`<${Fresh} kind="new" />`}</td>`,
            )}</tr>`;
          })}
        </tbody>
      </table>
    </div>
    ${rows.length > shown && html`<button type="button" class="small" onClick=${() => setShown(shown + 10 * AT_ONCE)}>show more: ${rows.length - shown}</button>`}`;
}

/** @param {Props} props */
function Scalar({ value, before, compared, name = "" }) {
  const differs = compared && !same(before, value);
  const was = before !== undefined && before !== null && typeof before !== "object" ? oneLine(String(before), 60) : "";
  const block = typeof value === "string" && value.trimEnd().includes("\n");
  return html`<span class="scalar ${differs ? "differs" : ""} ${block ? "block" : ""}">${shownAs(value, name)}${differs && html`<${Fresh} kind=${before === undefined ? "new" : "changed"} />`}${differs && was && html`<span class="soft"> was ${was}</span>`}</span>`;
}

/** @param {any} value @param {string} name */
function shownAs(value, name) {
  if (typeof value === "string") return value === "" ? html`<span class="soft">empty</span>` : html`<${Text} value=${value} limit=${1500} />`;
  if (typeof value === "number" && value > 1e9 && TIMES.test(name)) return html`<time title=${String(value)}>${moment(value)}</time>`;
  return value === null ? html`<span class="soft">none</span>` : String(value);
}

/** What stood there before; undefined: nothing did. @param {any} before @param {string} name */
function oldOf(before, name) {
  return before !== null && typeof before === "object" && Object.hasOwn(before, name) ? before[name] : undefined;
}

/** A whole that wasn't there before is marked once, and not again in all its parts. @param {any} old @param {any} value */
function isNew(old, value) {
  return isLarge(value) && (old === undefined || old === null);
}

/** @param {any} value */
function isLarge(value) {
  return value !== null && typeof value === "object" && entriesOf(value).length > 0;
}

/** @param {any} value */
function sizeOf(value) {
  const count = entriesOf(value).length;
  return html`<span class="soft"> ${count} ${Array.isArray(value) ? "in order" : "entries"}</span>`;
}

/** The columns of a list whose elements are records of plain values, all with the same names. @param {any[]} rows */
function columnsOf(rows) {
  const first = rows[0];
  if (first === null || typeof first !== "object" || Array.isArray(first)) return null;
  const columns = Object.keys(first);
  const equal = rows.every(
    (row) =>
      row !== null && typeof row === "object" && !Array.isArray(row) && Object.keys(row).length === columns.length &&
      columns.every((name) => Object.hasOwn(row, name) && (row[name] === null || typeof row[name] !== "object")),
  );
  return equal && columns.length > 0 && columns.length <= 10 ? columns : null;
}
