// @ts-check
import { html } from "../html.js";

/** @param {{catalog: any, study?: string, episode?: string, params: Record<string, string>}} props */
export function FlipsPage(props) {
  return html`<h1>FlipsPage</h1>`;
}
