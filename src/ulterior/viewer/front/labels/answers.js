// @ts-check
/** The answers that a finding's question can have, as buttons. */
import { html } from "../html.js";
import { oneLine } from "../text.js";
import { plain } from "../words.js";

/**
 * @param {{question: any, hidden: boolean, choosing: boolean, own?: import("./store.js").Row, agree: () => void, give: (label: string) => void,
 *   choose: () => void, comment: () => void}} props
 */
export function Answers({ question, hidden, choosing, own, agree, give, choose, comment }) {
  const says = hidden ? null : question.says;
  const open = choosing || says === null;
  return html`${open && html`<p class="question">${oneLine(question.question, 300)}</p>`}
    <div class="answers" role="group" aria-label="Your answer" title=${oneLine(question.question, 300)}>
      ${says !== null && html`
        <button type="button" aria-pressed=${own?.label === says} onClick=${agree}>agree <kbd>y</kbd></button>
        <button type="button" aria-expanded=${open} aria-pressed=${own !== undefined && own.label !== says && own.label !== "cannot_tell"} onClick=${choose}>disagree <kbd>x</kbd></button>`}
      <button type="button" aria-pressed=${own?.label === "cannot_tell"} onClick=${() => give("cannot_tell")}>unsure <kbd>u</kbd></button>
      <button type="button" onClick=${comment}>comment <kbd>c</kbd></button>
    </div>
    ${open && html`<div class="answers which" role="group" aria-label="Which answer holds">
      ${Object.entries(question.labels).filter(([label]) => label !== says).map(([label, meaning]) => html`<button type="button" key=${label}
        aria-pressed=${own?.label === label} onClick=${() => give(label)}><b>${plain(oneLine(label, 60))}</b> <span>${oneLine(String(meaning), 200)}</span></button>`)}
    </div>`}`;
}
