// @ts-check
/** One episode in the table. All of the row leads to it; the box at its beginning selects it. */
import { html } from "../html.js";
import { link } from "../route.js";
import { oneLine } from "../text.js";
import { Outcome } from "../words.js";
import { classOf, COLUMNS, JUDGED, nameOf, rowAt } from "./columns.js";

export const HEIGHT = 28;
/** Columns whose words may be cut off. */
const LONG = ["model", "scenario", "condition", "act", "intent", "awareness", "status", "id"];

/** @param {{study: string, table: any, at: number, place: number, active: boolean, selected: boolean, onSelect: (id: string) => void}} props
 *   `at` is the row of the table, `place` where it stands now */
export function EpisodeRow({ study, table, at, place, active, selected, onSelect }) {
  const row = rowAt(table, at);
  const name = nameOf(row);
  const fork = row.word("fork") !== null;
  const reason = row.word("act") === null ? row.word("unscored") : null;
  return html`<div
    role="row" aria-rowindex=${place + 2} class=${selected ? "row selected" : "row"}
    style=${{ transform: `translateY(${place * HEIGHT}px)` }} data-place=${place}
  >
    <span role="cell" class="select">
      <input
        type="checkbox" tabindex=${active ? 0 : -1} checked=${selected} aria-label=${`Select ${name} to compare`}
        onChange=${() => onSelect(table.ids[at])}
      />
    </span>
    <span role="rowheader">
      <a
        class="open" href=${link(["s", study, "e", table.ids[at]])} tabindex=${active ? 0 : -1}
        aria-label=${`${row.shown("outcome")}${fork ? " fork" : ""}, ${name}`}
        ><${Outcome} outcome=${row.word("outcome") ?? ""} />${fork && html` <small>fork</small>`}</a
      >
    </span>
    ${COLUMNS.slice(1).map((column) => {
      if (reason !== null && column.name === JUDGED[0]) {
        return html`<span role="cell" class="reason" aria-colspan=${JUDGED.length} title=${oneLine(reason, 300)}>${oneLine(reason, 160)}</span>`;
      }
      if (reason !== null && JUDGED.includes(column.name)) return null;
      const shown = column.show(row);
      return html`<span role="cell" class=${classOf(column, row)} title=${LONG.includes(column.name) ? (column.name === "id" ? row.id : shown) : undefined}>${shown}</span>`;
    })}
  </div>`;
}
