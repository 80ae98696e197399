// @ts-check
import { html } from "../html.js";

/** @param {{catalog: any, study?: string, episode?: string, params: Record<string, string>}} props */
export function LabelsPage(props) {
  return html`<h1>LabelsPage</h1>`;
}
