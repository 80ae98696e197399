// @ts-check
/** What stands in place of pages that can't be looked at blind, and the switch. */
import { html } from "../html.js";
import { link } from "../route.js";
import { useBlind } from "./blind.js";

export function BlindSwitch() {
  const [on, set] = useBlind();
  return html`<button type="button" class="quiet" aria-pressed=${on} title="Hide verdicts, models and conditions while you label" onClick=${() => set(!on)}
    >blind mode: ${on ? "on" : "off"}</button
  >`;
}

/** @param {{study?: string}} props */
export function Veiled({ study }) {
  const [, set] = useBlind();
  return html`<section class="veiled">
    <h1>Blind mode is on</h1>
    <p>This page names models, conditions and verdicts, so it stays closed while you label blind.</p>
    <p class="choices">
      ${study && html`<a href=${link(["s", study, "labels"])}>Go on labelling</a>`}
      <button type="button" onClick=${() => set(false)}>Leave blind mode</button>
    </p>
  </section>`;
}
