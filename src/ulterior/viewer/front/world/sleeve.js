// @ts-check
/** What a state holds that the agent can't see: answers that are written down beforehand. */
import { html } from "../html.js";
import { Unseen } from "./marks.js";

/** @param {{children?: any}} props */
export function Sleeve({ children }) {
  return html`<details class="sleeve">
    <summary>What the scenario has up its sleeve <${Unseen} /></summary>
    ${children}
  </details>`;
}
