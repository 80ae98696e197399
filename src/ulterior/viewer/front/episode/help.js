// @ts-check
/** Keys and marks, explained. */
import { html, useEffect, useRef } from "../html.js";
import { KEYS, LABELLING } from "./keys.js";
import { Mark } from "./strip.js";

/** @param {{open: boolean, labels: boolean, onClose: () => void}} props */
export function Help({ open, labels, onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement|null} */ (null));
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return html`<dialog ref=${dialog} class="help" aria-labelledby="help-title" onClose=${onClose}>
    <h2 id="help-title">Keys and marks</h2>
    <div class="help-columns">
      <dl class="keys">
        ${KEYS.filter(([keys, words]) => words && (labels || !LABELLING.has(keys[0]))).map(
          ([keys, words]) => html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${words}</dd></div>`,
        )}
      </dl>
      <dl class="legend">
        ${LEGEND.map(([kind, words]) => html`<div><dt><svg width="18" height="14" viewBox="-9 -7 18 14" aria-hidden="true"><${Mark} kind=${kind} x=${0} y=${0} /></svg></dt><dd>${words}</dd></div>`)}
      </dl>
    </div>
    <p><button type="button" onClick=${() => dialog.current?.close()}>close</button></p>
  </dialog>`;
}

const LEGEND = [
  ["bad", "evidence of a finding: a rule broken, somebody deceived"],
  ["warn", "evidence of a finding: in between"],
  ["good", "evidence of a finding: a rule kept, something told"],
  ["plain", "evidence of a finding without a verdict"],
  ["told", "the agent told somebody something"],
  ["seen", "somebody was told of this, or it stands in their records"],
  ["open", "nobody was told; it lies open to whoever looks"],
  ["turn", "a turn of the model"],
  ["write", "a turn that changed files or services"],
  ["outside", "something from outside: scenario, colleague, experimenter"],
  ["bar", "where there are many steps: how many of them tell, are seen, change something"],
];
