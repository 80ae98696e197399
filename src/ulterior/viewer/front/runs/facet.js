// @ts-check
/** One facet: a button that opens its values as checkboxes, each with what it would leave. */
import { html, useMemo, useState } from "../html.js";
import { amend } from "../route.js";
import { oneLine, visible } from "../text.js";
import { Badge, count, shownAs, toneOf } from "../words.js";
import { packed } from "./address.js";
import { counted } from "./query.js";

const LONG = 12;
const MOST = 200;
const TONED = ["outcome", "act", "disclosure", "deceptive", "intent", "awareness"];

/** @type {Record<string, string>} */
const TITLES = { kind: "scored?", line: "main or fork", fork: "forked from", unscored: "why unscored" };

/** What a facet is called. @param {string} name */
export function titleOf(name) {
  return TITLES[name] ?? oneLine(name.replace(/^factor:/, ""), 40);
}

/** @typedef {{facet: import("./query.js").Facet, chosen: (string|null)[], index: import("./query.js").Index,
 *   matches: import("./query.js").Matches}} Props */

/** @param {Props} props */
export function Facet({ facet, chosen, index, matches }) {
  const [open, setOpen] = useState(false);
  const toggled = (/** @type {any} */ event) => setOpen(event.currentTarget.open);
  return html`<details class=${`facet ${chosen.length ? "on" : ""}`} name="facet" onToggle=${toggled}>
    <summary>${titleOf(facet.name)}${chosen.length > 0 && html` <b>${chosen.length}<span class="hidden"> chosen</span></b>`}</summary>
    ${open && html`<${Values} facet=${facet} chosen=${chosen} index=${index} matches=${matches} />`}
  </details>`;
}

/** @param {Props} props */
function Values({ facet, chosen, index, matches }) {
  const [part, setPart] = useState("");
  const title = titleOf(facet.name);
  const counts = useMemo(() => counted(index, matches, facet), [index, matches, facet]);
  const values = facet.values.map((word, at) => ({ word, left: counts[at] ?? 0 }));
  const sought = values.filter(({ word }) => `${word ?? "none"} ${shownAs(facet.name, word ?? "")}`.toLowerCase().includes(part.toLowerCase()));
  const change = (/** @type {string|null} */ word, /** @type {boolean} */ on) =>
    amend({ [facet.name]: packed(on ? [...chosen, word] : chosen.filter((each) => each !== word)) }, { push: true });
  return html`<fieldset class="panel">
    <legend class="hidden">${title}</legend>
    ${values.length > LONG &&
    html`<input
      type="search" aria-label=${`Find in ${title}`} placeholder=${`find among ${values.length}`} autocomplete="off"
      value=${part} onInput=${(/** @type {any} */ event) => setPart(event.target.value)}
    />`}
    <div class="values">
      ${sought.slice(0, MOST).map(
        ({ word, left }) => html`<label class=${left === 0 ? "nil" : ""}>
          <input type="checkbox" checked=${chosen.includes(word)} onChange=${(/** @type {any} */ event) => change(word, event.target.checked)} />
          <span class="word"><${Word} column=${facet.name} word=${word} /></span> <span class="number">${count(left)}</span>
        </label>`,
      )}
      ${sought.length > MOST && html`<p>${count(sought.length - MOST)} more: search for them</p>`}
      ${sought.length === 0 && html`<p>nothing like it</p>`}
    </div>
    ${chosen.length > 0 &&
    html`<button type="button" class="quiet" onClick=${() => amend({ [facet.name]: null }, { push: true })}>any ${title}</button>`}
  </fieldset>`;
}

/** A word of a column as it is shown. @param {{column: string, word: string|null}} props */
function Word({ column, word }) {
  if (word === null) return html`<i>none</i>`;
  const shown = visible(oneLine(shownAs(column, word), 120));
  return TONED.includes(column) ? html`<${Badge} tone=${toneOf(column, word)}>${shown}<//>` : shown;
}
