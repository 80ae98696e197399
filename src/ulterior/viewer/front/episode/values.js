// @ts-check
/** Arguments, fields and values of tools, laid out for reading. */
import { html } from "../html.js";
import { lengthOfLines, oneLine, Text } from "../text.js";
import { fitted, jsonLine } from "./jsonline.js";

const LINES = 40;

/** A block of output, of which the first lines are shown at once. @param {{value: string, spans?: any[], label?: string}} props */
export function Output({ value, spans, label }) {
  return html`<div class="output" role=${label && "group"} aria-label=${label}>
    ${label && html`<span class="output-name" aria-hidden="true">${label}</span>`}
    <${Text} value=${value} spans=${spans} limit=${lengthOfLines(value, LINES)} />
  </div>`;
}

/** Names with their values. What is cited of one is marked in the very line that the trace holds; `instead` may stand for a value.
 * @param {{values: Record<string, any>, spansOf?: (name: string) => any[]|undefined, instead?: (value: any) => any}} props */
export function Values({ values, spansOf, instead }) {
  return html`<dl class="values">
    ${Object.entries(values).map(
      ([name, value]) => html`<div>
        <dt><bdi>${oneLine(name, 80)}</bdi></dt>
        ${" "}<dd>${instead?.(value) || html`<${Value} value=${value} spans=${spansOf?.(name)} />`}</dd>
      </div>`,
    )}
  </dl>`;
}

/** @param {{value: any, spans?: any[]}} props */
export function Value({ value, spans }) {
  if (spans?.length) {
    const line = jsonLine(value);
    return html`<code><${Text} value=${line} spans=${fitted(line, spans)} /></code>`;
  }
  if (typeof value === "string") return value ? html`<${Output} value=${value} />` : html`<i class="soft">empty</i>`;
  if (Array.isArray(value) && !value.length) return html`<i class="soft">none</i>`;
  if (Array.isArray(value) && value.every((each) => typeof each === "string" && each.length < 400)) {
    return html`<ul class="plain">${value.map((each) => html`<li><${Text} value=${each} /></li>`)}</ul>`;
  }
  const line = jsonLine(value);
  return html`<code><${Text} value=${line.length > 100 ? indented(value) : JSON.stringify(value ?? null)} /></code>`;
}

/** @param {any} value */
function indented(value) {
  return JSON.stringify(value, null, 2);
}
