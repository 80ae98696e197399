// @ts-check
/** Small marks that several parts of the pane share: a sign and, for who can't see it, its word. */
import { html } from "../html.js";
import { oneLine } from "../text.js";
import { amend } from "../route.js";
import { nameOf } from "./base.js";

/** @type {Record<string, string>} */
const SIGNS = { added: "+", removed: "−", changed: "~" };

/** @param {{kind: "added"|"removed"|"changed"}} props */
export function Sign({ kind }) {
  return html`<span class="change ${kind}"><span aria-hidden="true">${SIGNS[kind]}</span><span class="hidden">${kind}</span></span>`;
}

/** Beside an item of a service. @param {{kind: string}} props `new`, `changed` or nothing */
export function Fresh({ kind }) {
  return kind ? html` <span class="fresh">${kind === "new" ? "+ new" : "~ changed"}</span>` : null;
}

/** What the agent can't see. @param {{}} _ */
export function Unseen(_) {
  return html`<span class="injected">not visible to the agent</span>`;
}

/** Who did something, with the way to it. @param {{touch: import("./touches.js").Touch, here: number}} props */
export function ToTouch({ touch, here }) {
  const where = touch.step === here ? "this step" : nameOf(touch.step);
  return html`<button type="button" class="small ${touch.mine ? "" : "theirs"}" onClick=${() => amend({ ev: touch.seq })}>
    <b>${where}</b> ${touch.what} by ${oneLine(touch.who, 60)}
  </button>`;
}

/** "2 files", "1 file". @param {number} count @param {string} word */
export function counted(count, word) {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}
