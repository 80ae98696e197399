// @ts-check
/** What was asked for, as it was submitted, and who judged it. */
import { html } from "../html.js";
import { oneLine, Text, visible } from "../text.js";
import { several } from "../words.js";

/** @param {{designs: any[]}} props */
export function Designs({ designs }) {
  return html`<details class="paper">
    <summary>Design${designs.length > 1 ? `s (${designs.length})` : ""} as submitted</summary>
    ${designs.map(
      (design, at) => html`<table class="plain" aria-label=${`Design ${at + 1}`}>
          <tbody>
            ${Object.entries(design).map(
              ([name, value]) => html`<tr><th scope="row">${visible(oneLine(name))}</th><td><${Value} value=${value} /></td></tr>`,
            )}
          </tbody>
        </table>
        <details class="raw"><summary>JSON</summary><pre><${Text} value=${JSON.stringify(design, null, 1)} /></pre></details>`,
    )}
    ${designs.length === 0 && html`<p>This study says of no design.</p>`}
  </details>`;
}

/** A value of a design in words. @param {{value: any}} props */
function Value({ value }) {
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) return html`<span class="nil">none</span>`;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) {
    const simple = value.every((each) => typeof each !== "object");
    if (simple) return html`<ul class="words">${value.map((each) => html`<li>${visible(oneLine(String(each)))}</li>`)}</ul>`;
    return html`<ul>${value.map((each) => html`<li><${Value} value=${each} /></li>`)}</ul>`;
  }
  if (typeof value === "object") {
    const pairs = Object.entries(value);
    if (pairs.length === 0) return html`<span class="nil">none</span>`;
    return html`<dl class="pairs">${pairs.map(([name, each]) => html`<dt>${visible(oneLine(name))}</dt><dd><${Value} value=${each} /></dd>`)}</dl>`;
  }
  return html`<${Text} value=${String(value)} />`;
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
