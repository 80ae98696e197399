// @ts-check
import { html } from "../html.js";

/** @param {{catalog: any, study: string, replay: any, finding: any}} props */
export function LabelControls(props) {
  return html``;
}
