// @ts-check
import { html } from "../html.js";

/** @param {{replay: any, step: number, params: Record<string, string>}} props */
export function WorldPane({ step }) {
  return html`<aside aria-label="The world"><h2>The world</h2><p>after step ${step}</p></aside>`;
}
