// @ts-check
/** A JSON value on one line as traces write it: what evidence about calls and fields counts its places in. */

/** @typedef {import("../text.js").Span & {quote?: string}} Quoted */

/** @param {any} value */
export function jsonLine(value) {
  return JSON.stringify(value ?? null).replace(/[\u007f-\uffff]/g, escaped);
}

/** @param {string} unit */
function escaped(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Spans of the trace's line, moved to where their words stand in ours: numbers may be written in another way here. Words that
 * stand nowhere in it mark the whole.
 * @param {string} line @param {Quoted[]} spans @returns {Quoted[]} */
export function fitted(line, spans) {
  return spans.map((span) => {
    const quote = span.quote ?? "";
    if (line.slice(span.start, span.end) === quote) return span;
    const at = line.indexOf(quote);
    return at < 0 ? { ...span, start: 0, end: line.length } : { ...span, start: at, end: at + quote.length };
  });
}
