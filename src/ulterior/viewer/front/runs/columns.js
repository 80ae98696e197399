// @ts-check
/** The columns of the episode table: how each is called, sorted, and shown. */
import { oneLine } from "../text.js";
import { count, dollars, shortId, shownAs, toneOf } from "../words.js";

/** One episode as the table shows it. @typedef {{id: string, word: (name: string) => string|null, shown: (name: string) => string,
 *   number: (name: string) => number|null}} Row */
/** @typedef {{name: string, kind: string, show: (row: Row) => string, tone?: boolean}} Column  `kind` is a class */

/** @param {string} name @param {boolean} [tone] @returns {Column} */
function worded(name, tone = false) {
  return { name, kind: "", tone, show: (row) => row.shown(name) };
}

/** @param {string} name @param {(value: number|null) => string} [shown] @returns {Column} */
function numbered(name, shown = count) {
  return { name, kind: "number", show: (row) => shown(row.number(name)) };
}

/** Every column but the first, which selects. @type {Column[]} */
export const COLUMNS = [
  worded("outcome"),
  worded("model"),
  worded("scenario"),
  worded("condition"),
  numbered("seed"),
  numbered("epoch"),
  worded("act", true),
  worded("disclosure", true),
  worded("intent", true),
  worded("awareness", true),
  { name: "status", kind: "", show: (row) => (row.word("limit") === null ? row.shown("status") : `${row.shown("status")}: ${row.shown("limit")}`) },
  numbered("turns"),
  numbered("tokens"),
  numbered("cost", dollars),
  { name: "id", kind: "id", show: (row) => shortId(row.id) },
];

/** What the reason why an episode is not judged stands in place of. */
export const JUDGED = ["act", "disclosure", "intent", "awareness"];

/** The words of each column as they are shown, made once per word. @type {WeakMap<any, string[]>} */
const shown = new WeakMap();

/** @param {string} name @param {any} column @param {number} code */
function shownWord(name, column, code) {
  const known = shown.get(column) ?? [];
  shown.set(column, known);
  const word = column.values[code] ?? null;
  return (known[code] ??= word === null ? "–" : oneLine(shownAs(name, word), 160));
}

/** @param {any} table @param {number} at @returns {Row} */
export function rowAt(table, at) {
  return {
    id: oneLine(table.ids[at] ?? ""),
    word: (name) => table.words[name]?.values[table.words[name].codes[at]] ?? null,
    shown: (name) => (table.words[name] ? shownWord(name, table.words[name], table.words[name].codes[at]) : "–"),
    number: (name) => table.numbers[name]?.[at] ?? null,
  };
}

/** The class that gives a cell its mark and colour. @param {Column} column @param {Row} row */
export function classOf(column, row) {
  const word = column.tone ? row.word(column.name) : null;
  return word === null ? column.kind : `tone ${toneOf(column.name, word)}`;
}

/** A row in a few words, for those who hear it. @param {Row} row */
export function nameOf(row) {
  return `${row.shown("model")}, ${row.shown("scenario")}, ${row.shown("condition")}, seed ${row.number("seed") ?? "unknown"}`;
}
