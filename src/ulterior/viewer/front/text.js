// @ts-check
/**
 * Text out of traces, safe to look at: nothing in it is markup, and what steers a terminal, turns the direction of
 * writing or can't be seen is shown as a mark. Very long texts are shown in part until somebody asks for the rest.
 *
 * Covered: HTML, scripts, control and format characters, overlong lines. Not covered: what a reader copies and pastes.
 */
import { html, useState } from "./html.js";

/**
 * A stretch of code points, as in evidence. Where several cover a place, `current` wins, then the higher `rank`. `label` is
 * said behind the stretch, with what its `note` says of it, and `title` when somebody points at it.
 * @typedef {{start: number, end: number, id?: string, tone?: string, current?: boolean, rank?: number, label?: string, note?: string, title?: string}} Span
 */

const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/gu;
/** By their names in ASCII: few fonts have the pictures that Unicode has for them. */
const CONTROLS =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(" ");
const SHOWN = 20_000;

/** A stretch of text from a trace with some spans marked. `limit` is in characters; what is marked is shown whatever the limit.
 * @param {{value: string, spans?: Span[], limit?: number}} props */
export function Text({ value, spans = [], limit = SHOWN }) {
  const [more, setMore] = useState(0);
  const marks = inUnits(value, spans);
  const furthest = marks.reduce((most, span) => Math.max(most, span.end), 0);
  const shown = Math.max(limit + more, furthest);
  const end = shown < value.length ? boundary(value, shown) : value.length;
  return html`<span class="text" dir="auto">${pieces(value.slice(0, end), marks)}</span>${
    end < value.length &&
    html`<button type="button" class="more" onClick=${() => setMore(shown + 10 * SHOWN)}>
      ${rest(value, end)}
    </button>`
  }`;
}

/** A limit for `Text` that shows the first lines of a text. @param {string} value @param {number} lines */
export function lengthOfLines(value, lines) {
  let at = -1;
  for (let line = 0; line < lines; line += 1) {
    at = value.indexOf("\n", at + 1);
    if (at < 0) return SHOWN;
  }
  return at + 1 < value.length ? Math.min(at, SHOWN) : SHOWN;
}

/** @param {string} value @param {number} end */
function rest(value, end) {
  const left = value.length - end;
  const lines = left < 10 * SHOWN ? value.slice(end).split("\n").length : 0;
  const what = lines > 2 ? `${lines.toLocaleString("en")} lines` : `${left.toLocaleString("en")} characters`;
  return left <= 10 * SHOWN ? `show all: ${what} more` : `show more: ${what} are left`;
}

/** Never between the two halves of a character. @param {string} value @param {number} at */
function boundary(value, at) {
  const half = value.charCodeAt(at);
  return half >= 0xdc00 && half <= 0xdfff ? at - 1 : at;
}

/** @param {string} value @param {Span[]} marks */
function pieces(value, marks) {
  if (!marks.length) return visible(value);
  const edges = new Set([0, value.length]);
  for (const mark of marks) for (const edge of [mark.start, mark.end]) if (edge < value.length) edges.add(edge);
  const cuts = [...edges].sort((a, b) => a - b);
  const out = [];
  for (const [place, start] of cuts.slice(0, -1).entries()) {
    const end = cuts[place + 1] ?? value.length;
    const text = visible(value.slice(start, end));
    const over = strongest(marks.filter((mark) => mark.start <= start && mark.end >= end));
    if (over) {
      const classes = `hit ${over.tone ?? "plain"} ${over.current ? "current" : ""}`;
      out.push(html`<mark class=${classes} data-finding=${over.id} title=${over.title}>${text}</mark>`);
    } else out.push(...text);
    out.push(...labelsAt(marks, end));
  }
  return out;
}

/** @param {Span[]} marks */
function strongest(marks) {
  const weight = (/** @type {Span} */ mark) => (mark.current ? 1000 : 0) + (mark.rank ?? 0);
  return marks.reduce((best, mark) => (best && weight(best) >= weight(mark) ? best : mark), /** @type {Span|undefined} */ (undefined));
}

/** What is said of the stretches that end here, each thing once. @param {Span[]} marks @param {number} end */
function labelsAt(marks, end) {
  const ending = marks.filter((mark) => mark.label && mark.end === end && mark.end > mark.start);
  const said = new Map(ending.map((mark) => [mark.label, mark]));
  return [...said.values()].map((mark) => {
    const notes = new Set(ending.flatMap((each) => (each.label === mark.label && each.note ? each.note : [])));
    return html`<span class="said-of"><span class="badge ${mark.tone ?? "plain"}" title=${mark.title}>${mark.label}</span>${
      notes.size > 0 && html` <bdi>${[...notes].join(" ")}</bdi>`
    }</span>`;
  });
}

/** The text with what can't be seen as marks of its own. @param {string} text @returns {any[]} */
export function visible(text) {
  const out = [];
  let at = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match.index > at) out.push(text.slice(at, match.index));
    out.push(html`<span class="unseen" title=${codeOf(match[0])}>${pictureOf(match[0])}</span>`);
    at = match.index + match[0].length;
  }
  if (at < text.length) out.push(text.slice(at));
  return out;
}

/** A name with slashes, which may be broken behind each of them. @param {string} name @returns {any[]} */
export function brokenAtSlashes(name) {
  return name.split(/(?<=\/)/).flatMap((part, at) => (at ? [html`<wbr />`, ...visible(part)] : visible(part)));
}

/** One line of plain words, for titles and attributes. @param {string} text @param {number} [length] */
export function oneLine(text, length = 200) {
  const line = text.slice(0, 4 * length).replace(UNSEEN, pictureOf).replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, boundary(line, length - 1))}…`;
}

/** @param {string} character */
function pictureOf(character) {
  const code = character.codePointAt(0) ?? 0;
  return `⟨${code === 0x7f ? "DEL" : (CONTROLS[code] ?? codeOf(character))}⟩`;
}

/** @param {string} character */
function codeOf(character) {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Code points to the units that strings of this language count in. @param {string} value @param {Span[]} spans @returns {Span[]} */
function inUnits(value, spans) {
  if (!spans.length) return [];
  const wanted = [...new Set(spans.flatMap((span) => [span.start, span.end]))].sort((a, b) => a - b);
  /** @type {Map<number, number>} */
  const units = new Map();
  let at = 0;
  let points = 0;
  for (const point of wanted) {
    for (; points < point && at < value.length; points += 1) at += (value.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    units.set(point, at);
  }
  return spans.map((span) => ({ ...span, start: units.get(span.start) ?? 0, end: units.get(span.end) ?? 0 }));
}
