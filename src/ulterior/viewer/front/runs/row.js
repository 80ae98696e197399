// @ts-check
/** One episode in the table. All of the row leads to it; the box at its beginning selects it. */
import { html } from "../html.js";
import { link } from "../route.js";
import { Outcome } from "../words.js";
import { oneLine, visible } from "../text.js";
import { COLUMNS, JUDGED, nameOf, rowAt } from "./columns.js";

export const HEIGHT = 28;

/** @param {{study: string, table: any, at: number, place: number, active: boolean, selected: boolean, onSelect: (id: string) => void}} props
 *   `at` is the row of the table, `place` where it stands now */
export function EpisodeRow({ study, table, at, place, active, selected, onSelect }) {
  const row = rowAt(table, at);
  const reason = row.words("act") === null ? row.words("unscored") : null;
  const fork = row.words("fork");
  return html`<div
    role="row" aria-rowindex=${place + 2} class=${`row ${selected ? "selected" : ""}`}
    style=${{ transform: `translateY(${place * HEIGHT}px)` }} data-place=${place}
  >
    <span role="cell" class="select">
      <input
        type="checkbox" tabindex=${active ? 0 : -1} checked=${selected} aria-label=${`Select ${nameOf(row)} to compare`}
        onChange=${() => onSelect(row.id)}
      />
    </span>
    ${COLUMNS.map((column) => {
      if (column.name === "outcome") return html`<${First} row=${row} study=${study} active=${active} fork=${fork} />`;
      if (reason !== null && column.name === JUDGED[0]) {
        return html`<span role="cell" class="reason" aria-colspan=${JUDGED.length} title=${oneLine(reason, 300)}>${visible(oneLine(reason, 160))}</span>`;
      }
      if (reason !== null && JUDGED.includes(column.name)) return null;
      return html`<span role="cell" class=${column.kind} title=${titled(row, column.name)}>${column.show(row)}</span>`;
    })}
  </div>`;
}

/** @param {{row: import("./columns.js").Row, study: string, active: boolean, fork: string|null}} props */
function First({ row, study, active, fork }) {
  return html`<span role="rowheader">
    <a class="open" href=${link(["s", study, "e", row.id])} tabindex=${active ? 0 : -1}
      ><${Outcome} outcome=${row.words("outcome") ?? ""} />${fork !== null && html` <small>fork</small>`}<span class="hidden">, ${nameOf(row)}</span></a
    >
  </span>`;
}

/** The whole of what may be cut off. @param {import("./columns.js").Row} row @param {string} name */
function titled(row, name) {
  const word = ["model", "scenario", "condition"].includes(name) ? row.words(name) : name === "id" ? row.id : null;
  return word === null ? undefined : oneLine(word, 300);
}
