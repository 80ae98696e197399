// @ts-check
/** The keyboard. Letters only, so that no shortcut of a browser or of assistive software is taken away. */
import { useLayoutEffect } from "../html.js";
import { amend } from "../route.js";
import { goToNext, goToNextProof, goToStep, nextBase } from "./cursor.js";

/** @typedef {{record: import("./record.js").Record_, cursor: import("./cursor.js").Cursor, params: Record<string, string>, blind: boolean, ask: () => void, leave: () => void}} Context */

/** @type {[string[], string, (at: Context) => void][]} keys, what they do, in words and in fact */
export const KEYS = [
  [["→", "l"], "next step", ({ record, cursor }) => goToStep(record, cursor.step + 1)],
  [["←", "h"], "step before", ({ record, cursor }) => goToStep(record, cursor.step - 1)],
  [["j"], "next event: a call's result, a message, a change", ({ record, cursor }) => goToNext(record, cursor, "event", 1)],
  [["k"], "event before", ({ record, cursor }) => goToNext(record, cursor, "event", -1)],
  [["Home"], "first step", ({ record }) => goToStep(record, 0)],
  [["End"], "last step", ({ record }) => goToStep(record, record.steps.length - 1)],
  [["n"], "next finding's evidence", ({ record, cursor, blind }) => blind || goToNextProof(record, cursor, 1)],
  [["p"], "evidence before", ({ record, cursor, blind }) => blind || goToNextProof(record, cursor, -1)],
  [["t"], "next tool call (T: the one before)", ({ record, cursor }) => goToNext(record, cursor, "tool", 1)],
  [["T"], "", ({ record, cursor }) => goToNext(record, cursor, "tool", -1)],
  [["w"], "next change by the agent (W: the one before)", ({ record, cursor }) => goToNext(record, cursor, "write", 1)],
  [["W"], "", ({ record, cursor }) => goToNext(record, cursor, "write", -1)],
  [["m"], "next message to a human (M: the one before)", ({ record, cursor }) => goToNext(record, cursor, "human", 1)],
  [["M"], "", ({ record, cursor }) => goToNext(record, cursor, "human", -1)],
  [["d"], "compare files with: the step before, the start, the pinned step", ({ params }) => amend({ diff: nextBase(params) })],
  [["y"], "agree with the current finding", () => answer("y")],
  [["x"], "disagree with it: say what holds", () => answer("x")],
  [["u"], "unsure about it", () => answer("u")],
  [["c"], "comment on it", () => answer("c")],
  [["?"], "this list", ({ ask }) => ask()],
  [["Esc"], "close this list; go back to the finding", ({ leave }) => leave()],
];

/** The keys that only a server answers. */
export const LABELLING = new Set(["y", "x", "u", "c"]);

/** What the current finding's question offers under a key. @param {string} key */
function answer(key) {
  /** @type {HTMLElement|null} */
  const button = document.querySelector(`.finding.looked-at [aria-keyshortcuts="${key}"]`);
  button?.click();
}

/** @type {Record<string, string>} */
const NAMES = { ArrowRight: "→", ArrowLeft: "←", Escape: "Esc" };
const TYPING = "input:not([type=range]), textarea, select, [contenteditable], dialog[open]";
const MOVING = "[role=tree], [role=tablist], [role=listbox], [role=grid], [role=radiogroup], input[type=range]";

/** @param {Context} context */
export function useKeys(context) {
  useLayoutEffect(() => {
    const pressed = (/** @type {KeyboardEvent} */ event) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const target = event.target instanceof Element ? event.target : document.body;
      const key = NAMES[event.key] ?? event.key;
      if (target.closest(TYPING) || (key.length > 1 || "←→".includes(key) ? target.closest(MOVING) : null)) return;
      const found = KEYS.find(([keys]) => keys.includes(key));
      if (!found) return;
      event.preventDefault();
      found[2](context);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  });
}
