// @ts-check
import { html } from "../html.js";

/** @param {{catalog: any, study?: string, episode?: string, params: Record<string, string>}} props */
export function ForksPage(props) {
  return html`<h1>ForksPage</h1>`;
}
