// @ts-check
/** The answers that a finding's question can have: one line, and what holds instead unfolds. */
import { html, useLayoutEffect, useRef } from "../html.js";
import { oneLine } from "../text.js";
import { plain } from "../words.js";

/** @typedef {import("./store.js").Row} Row */

/**
 * @param {{question: any, hidden: boolean, choosing: boolean, own?: Row, agree: () => void, give: (label: string) => void,
 *   choose: () => void, comment: () => void}} props
 */
export function Answers({ question, hidden, choosing, own, agree, give, choose, comment }) {
  const says = hidden ? null : question.says;
  const open = choosing || hidden;
  const other = own !== undefined && own.label !== says && own.label !== "cannot_tell";
  return html`<div class="answers" role="group" aria-label="Your answer" title=${oneLine(question.question, 300)}>
      <span class="soft" aria-hidden="true">label:</span>
      ${says !== null && html`<button type="button" aria-keyshortcuts="y" title="agree (y)" aria-pressed=${own?.label === says} onClick=${agree}>agree</button><${Dot} />`}
      ${!hidden && html`<button type="button" aria-keyshortcuts="x" title=${`${says === null ? "answer" : "disagree"} (x)`} aria-expanded=${open} aria-pressed=${other} onClick=${choose}
        >${says === null ? "answer" : "disagree"}</button><${Dot} />`}
      <button type="button" aria-keyshortcuts="u" title="unsure (u)" aria-pressed=${own?.label === "cannot_tell"} onClick=${() => give("cannot_tell")}>unsure</button><${Dot} />
      <button type="button" aria-keyshortcuts="c" title="comment (c)" onClick=${comment}>comment</button>
    </div>
    ${open && html`<${Which} question=${question} says=${says} own=${own} give=${give} focused=${choosing} />`}`;
}

function Dot() {
  return html`<span class="soft" aria-hidden="true">·</span>`;
}

/** The question with its answers. @param {{question: any, says: string | null, own?: Row, give: (label: string) => void, focused: boolean}} props */
function Which({ question, says, own, give, focused }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (focused) list.current?.querySelector("button")?.focus();
  }, [focused]);
  const labels = Object.entries(question.labels).filter(([label]) => label !== says);
  return html`<p class="question">${oneLine(question.question, 300)}</p>
    <div class="answers which" role="group" aria-label="Which answer holds" ref=${list}>
      ${labels.map(([label, meaning]) => html`<button type="button" key=${label} aria-pressed=${own?.label === label} onClick=${() => give(label)}
        ><b>${plain(oneLine(label, 60))}</b> <span>${oneLine(String(meaning), 200)}</span></button>`)}
    </div>`;
}
