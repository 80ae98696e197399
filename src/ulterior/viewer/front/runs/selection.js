// @ts-check
/** Two episodes picked from the table, to be compared. */
import { html, useCallback, useState } from "../html.js";
import { link } from "../route.js";
import { nameOf, rowAt } from "./columns.js";

/** The ids that are picked, at most two: a third takes the place of the first. */
export function useSelection() {
  const [ids, setIds] = useState(/** @type {string[]} */ ([]));
  const toggle = useCallback(
    (/** @type {string} */ id) => setIds((before) => (before.includes(id) ? before.filter((each) => each !== id) : [...before.slice(-1), id])),
    [],
  );
  return { ids, toggle, clear: () => setIds([]) };
}

/** @param {{study: string, table: any, selection: {ids: string[], clear: () => void}}} props */
export function Selected({ study, table, selection }) {
  const { ids, clear } = selection;
  const [a, b] = ids;
  const names = ids.map((id) => nameOf(rowAt(table, table.ids.indexOf(id))));
  return html`<div class="selection" role="status">
    ${a && !b && html`<span>Selected: ${names[0]}. Select another one to compare.</span>`}
    ${a && b && html`<a href=${link(["compare"], { a: `${study}/${a}`, b: `${study}/${b}` })}>compare these two</a> <span>${names[0]} <b>and</b> ${names[1]}</span>`}
    ${a && html`<button type="button" class="quiet" onClick=${clear}>deselect</button>`}
  </div>`;
}
