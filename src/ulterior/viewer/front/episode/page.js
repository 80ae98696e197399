// @ts-check
import { html } from "../html.js";

/** @param {{catalog: any, study?: string, episode?: string, params: Record<string, string>}} props */
export function EpisodePage(props) {
  return html`<h1>EpisodePage</h1>`;
}
