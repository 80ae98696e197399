// @ts-check
/** What was asked for, as it was submitted, and who judged it. */
import { html } from "../html.js";
import { oneLine, Text, visible } from "../text.js";
import { plain, several } from "../words.js";

/** @param {{designs: any[], about: Record<string, string>}} props `about` is what else the study says of itself: versions, prices */
export function Designs({ designs, about }) {
  return html`<details class="paper">
    <summary>Design${designs.length > 1 ? `s (${designs.length})` : ""} as submitted</summary>
    ${designs.map(
      (design, at) => html`<table class="plain" aria-label=${`Design ${at + 1}`}>
          <tbody>
            ${Object.entries(design).map(
              ([name, value]) => html`<tr><th scope="row">${visible(oneLine(plain(name)))}</th><td><${Value} value=${value} /></td></tr>`,
            )}
          </tbody>
        </table>
        <details class="raw"><summary>JSON</summary><pre><${Text} value=${JSON.stringify(design, null, 1)} /></pre></details>`,
    )}
    ${designs.length === 0 && html`<p>This study doesn't say what was asked for.</p>`}
    ${!isEmpty(about) &&
    html`<table class="plain" aria-label="What the study says of itself">
      <tbody>
        ${Object.entries(about).map(([name, value]) => html`<tr><th scope="row">${visible(oneLine(plain(name)))}</th><td><${Text} value=${String(value)} /></td></tr>`)}
      </tbody>
    </table>`}
  </details>`;
}

/** A value of a design in words; what is left empty is left out. @param {{value: any}} props */
function Value({ value }) {
  if (isEmpty(value)) return html`<span class="nil">none</span>`;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return html`<ul class="words">${value.map((each) => html`<li><${Value} value=${each} /></li>`)}</ul>`;
  if (typeof value === "object") {
    const { name, ...rest } = value;
    const pairs = Object.entries(typeof name === "string" ? rest : value).filter(([, each]) => !isEmpty(each));
    return html`${typeof name === "string" && html`<b>${visible(oneLine(name))}</b>`}
      ${pairs.map(([key, each]) => html` <span class="pair"><small>${visible(oneLine(key))}</small> <${Value} value=${each} /></span>`)}`;
  }
  return html`<${Text} value=${String(value)} />`;
}

/** @param {any} value */
function isEmpty(value) {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

/** @param {{detectors: any[]}} props */
export function Detectors({ detectors }) {
  return html`<details class="paper">
    <summary>Judged by ${several(detectors.length, "detector")}, with their errors</summary>
    <table class="plain">
      <thead><tr><th scope="col">stage</th><th scope="col">detector</th><th scope="col">version</th><th scope="col">measured error</th></tr></thead>
      <tbody>
        ${detectors.map(
          (each) => html`<tr>
            <th scope="row">${each.stage}</th><td>${visible(oneLine(each.name))}</td><td>${visible(oneLine(each.version, 40))}</td>
            <td><${Text} value=${each.measured_error} /></td>
          </tr>`,
        )}
      </tbody>
    </table>
  </details>`;
}
