// @ts-check
/** What the world at a step is compared with: the step before, the start, or a pinned step. */
import { html } from "../html.js";
import { amend } from "../route.js";

/** @typedef {{mode: "prev"|"start"|"pin", step: number|null, words: string}} Base  step null: there is nothing to compare with */

/** @param {Record<string, string>} params @param {number} step @param {any[]} steps @returns {Base} */
export function baseOf(params, step, steps) {
  if (params.diff === "start") return { mode: "start", step: step === 0 ? null : 0, words: "the start" };
  const pin = pinOf(params, steps);
  if (params.diff === "pin" && pin !== null) return { mode: "pin", step: pin === step ? null : pin, words: nameOf(pin) };
  return { mode: "prev", step: step > 0 ? step - 1 : null, words: "the step before" };
}

/** What people call a step: they count from one, the address and the documents from zero. @param {number} step */
export function nameOf(step) {
  return `step ${step + 1}`;
}

/** The pinned step as the address has it, an index. @param {Record<string, string>} params @param {any[]} steps @returns {number|null} */
function pinOf(params, steps) {
  const pin = Number(params.pin);
  return params.pin !== undefined && Number.isInteger(pin) && pin >= 0 && pin < steps.length ? pin : null;
}

/** @param {{base: Base, step: number, params: Record<string, string>, steps: any[]}} props */
export function BaseChoice({ base, step, params, steps }) {
  const pin = pinOf(params, steps);
  /** @param {Base["mode"]} mode @param {any} words */
  const choice = (mode, words) =>
    html`<button type="button" aria-pressed=${String(base.mode === mode)} onClick=${() => amend({ diff: mode })}>${words}</button>`;
  return html`<div class="choice" role="group" aria-label="Compare with">
    <span class="soft" aria-hidden="true">against</span>
    ${choice("prev", "step before")} ${choice("start", "start")} ${pin !== null && choice("pin", `pinned ${nameOf(pin)}`)}
    ${pin !== step && html`<button type="button" class="quiet" onClick=${() => amend({ pin: step, diff: "pin" })}>pin this step</button>`}
    ${params.diff === "pin" && pin === null && html`<span class="note">There is no pinned step to compare with.</span>`}
  </div>`;
}
