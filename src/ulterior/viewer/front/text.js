// @ts-check
/**
 * Text out of traces, safe to look at: nothing in it is markup, and what steers a terminal, turns the direction of
 * writing or can't be seen is shown as a mark. Very long texts are shown in part until somebody asks for the rest.
 *
 * Covered: HTML, scripts, control and format characters, overlong lines. Not covered: what a reader copies and pastes.
 */
import { html, useState } from "./html.js";

/** @typedef {{start: number, end: number, id?: string, tone?: string, current?: boolean}} Span  code points, as in evidence */

const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/gu;
const SHOWN = 20_000;

/** A stretch of text from a trace with some spans marked.
 * @param {{value: string, spans?: Span[], limit?: number}} props */
export function Text({ value, spans = [], limit = SHOWN }) {
  const [shown, setShown] = useState(limit);
  const marks = spans.map((span) => inUnits(value, span)).sort((a, b) => a.start - b.start);
  const furthest = marks.reduce((most, span) => Math.max(most, span.end), 0);
  const end = Math.min(value.length, Math.max(shown, furthest));
  return html`<span class="text" dir="auto">${pieces(value.slice(0, end), marks)}</span>${
    end < value.length &&
    html`<button type="button" class="more" onClick=${() => setShown(end + 10 * SHOWN)}>
      show more: ${(value.length - end).toLocaleString("en")} characters
    </button>`
  }`;
}

/** @param {string} value @param {Span[]} marks */
function pieces(value, marks) {
  const out = [];
  let at = 0;
  for (const mark of marks) {
    const start = Math.max(at, mark.start);
    const end = Math.min(mark.end, value.length);
    if (start > at) out.push(...visible(value.slice(at, start)));
    if (end > start) {
      const classes = `hit ${mark.tone ?? "plain"} ${mark.current ? "current" : ""}`;
      out.push(html`<mark class=${classes} data-finding=${mark.id}>${visible(value.slice(start, end))}</mark>`);
      at = end;
    }
  }
  out.push(...visible(value.slice(at)));
  return out;
}

/** The text with what can't be seen as marks of its own. @param {string} text @returns {any[]} */
export function visible(text) {
  const out = [];
  let at = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match[0] === "\r" && text[match.index + 1] === "\n") continue;
    if (match.index > at) out.push(text.slice(at, match.index));
    out.push(html`<span class="unseen" title=${codeOf(match[0])}>${pictureOf(match[0])}</span>`);
    at = match.index + match[0].length;
  }
  if (at < text.length) out.push(text.slice(at));
  return out;
}

/** One line of plain words, for titles and attributes. @param {string} text @param {number} [length] */
export function oneLine(text, length = 200) {
  const line = text.slice(0, 4 * length).replace(UNSEEN, pictureOf).replace(/\s+/g, " ").trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

/** @param {string} character */
function pictureOf(character) {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x7f) return "␡";
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `⟨${codeOf(character)}⟩`;
}

/** @param {string} character */
function codeOf(character) {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Code points to the units that strings of this language count in. @param {string} value @param {Span} span */
function inUnits(value, span) {
  let at = 0;
  let points = 0;
  const units = { ...span };
  while (points < span.end && at < value.length) {
    if (points === span.start) units.start = at;
    at += (value.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    points += 1;
  }
  if (span.start >= points) units.start = at;
  units.end = at;
  return units;
}
