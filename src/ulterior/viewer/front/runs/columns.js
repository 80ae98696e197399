// @ts-check
/** The columns of the episode table: how each is called, sorted, and shown. */
import { html } from "../html.js";
import { oneLine, visible } from "../text.js";
import { count, dollars } from "../words.js";
import { Word } from "./facet.js";

/** @typedef {{id: string, words: (name: string) => string|null, numbers: (name: string) => number|null}} Row */
/** @typedef {{name: string, title: string, show: (row: Row) => any, kind: string}} Column  `kind` is a class */

/** @param {string} name @param {string} [title] @returns {Column} */
function worded(name, title = name) {
  return {
    name,
    title,
    kind: "",
    show: (row) => {
      const word = row.words(name);
      return word === null ? html`<span class="nil">–</span>` : html`<${Word} column=${name} word=${word} />`;
    },
  };
}

/** @param {string} name @param {(value: number|null) => string} [shown] @returns {Column} */
function numbered(name, shown = count) {
  return { name, title: name, kind: "number", show: (row) => shown(row.numbers(name)) };
}

/** Every column but the first, which selects. @type {Column[]} */
export const COLUMNS = [
  worded("outcome"),
  worded("model"),
  worded("scenario"),
  worded("condition"),
  numbered("seed"),
  numbered("epoch"),
  worded("act"),
  worded("disclosure"),
  worded("intent"),
  worded("awareness"),
  worded("status"),
  numbered("turns"),
  numbered("tokens"),
  numbered("cost", dollars),
  { name: "id", title: "id", kind: "id", show: (row) => visible(row.id.slice(0, 12)) },
];

/** What the reason why an episode is not judged stands in place of. */
export const JUDGED = ["act", "disclosure", "intent", "awareness"];

/** One row of the table, whose columns are looked up when they are shown. @param {any} table @param {number} at @returns {Row} */
export function rowAt(table, at) {
  return {
    id: table.ids[at],
    words: (name) => {
      const column = table.words[name];
      return column ? (column.values[column.codes[at]] ?? null) : null;
    },
    numbers: (name) => table.numbers[name]?.[at] ?? null,
  };
}

/** A row in a few words, for those who hear it. @param {Row} row */
export function nameOf(row) {
  const parts = [row.words("model"), row.words("scenario"), row.words("condition"), `seed ${row.numbers("seed") ?? "?"}`];
  return oneLine(parts.filter(Boolean).join(", "), 160);
}
