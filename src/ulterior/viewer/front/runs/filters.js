// @ts-check
/** What narrows the episodes down: a search, facets with counts, and what is chosen. All of it is in the address. */
import { html, useEffect, useRef, useState } from "../html.js";
import { amend } from "../route.js";
import { oneLine, visible } from "../text.js";
import { count, shownAs } from "../words.js";
import { cleared, packed } from "./address.js";
import { Facet, titleOf } from "./facet.js";

/** The facets in the order of their buttons; others follow in their own. */
const ORDER = ["model", "scenario", "condition", "purpose", "outcome", "kind", "act", "disclosure", "deceptive", "intent", "awareness"];
const ORDER_LATE = ["status", "limit", "flags", "sandbox", "line", "fork", "unscored"];

/** @param {string} name */
function place(name) {
  if (name.startsWith("factor:")) return 3.5;
  const [early, late] = [ORDER.indexOf(name), ORDER_LATE.indexOf(name)];
  return early >= 0 ? early : late >= 0 ? 100 + late : 99;
}

/** Whether there is anything to choose between; a factor that only some scenarios have and nobody varies is no choice.
 * @param {import("./query.js").Facet} facet */
function varies({ name, values }) {
  return values.filter((word) => word !== null || !name.startsWith("factor:")).length > 1;
}

/** @param {{index: import("./query.js").Index, matches: import("./query.js").Matches}} props */
export function Filters({ index, matches }) {
  const { choice } = matches;
  const facets = index.facets
    .filter((facet) => varies(facet) || choice.chosen[facet.name])
    .sort((a, b) => place(a.name) - place(b.name));
  const bar = useClosing();
  return html`<div class="filters">
    <div class="result">
      <input
        type="search" aria-label="Search in all words and ids" placeholder="search words and ids" autocomplete="off" spellcheck="false"
        value=${choice.text} onInput=${(/** @type {any} */ event) => amend({ q: event.target.value })}
      />
      <p role="status"><b>${count(matches.count)}</b> of ${count(index.n)} episodes</p>
      <${Chosen} choice=${choice} />
      <${CopyLink} />
    </div>
    <div class="facets" role="group" aria-label="Filters" ref=${bar}>
      ${facets.map(
        (facet) => html`<${Facet} key=${facet.name} facet=${facet} chosen=${choice.chosen[facet.name] ?? []} index=${index} matches=${matches} />`,
      )}
    </div>
  </div>`;
}

/** One facet's panel is open at a time; Escape and a click beside it close it. */
function useClosing() {
  const bar = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    const close = (/** @type {Event} */ event) => {
      const open = bar.current?.querySelector("details[open]");
      if (!(open instanceof HTMLDetailsElement)) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        if (open.contains(document.activeElement)) open.querySelector("summary")?.focus();
      } else if (open.contains(/** @type {Node} */ (event.target))) return;
      open.open = false;
    };
    document.addEventListener("keydown", close);
    document.addEventListener("pointerdown", close);
    return () => {
      document.removeEventListener("keydown", close);
      document.removeEventListener("pointerdown", close);
    };
  }, []);
  return bar;
}

/** What is chosen, each with a way to take it back. @param {{choice: import("./query.js").Choice}} props */
function Chosen({ choice }) {
  const facets = Object.entries(choice.chosen);
  if (facets.length === 0 && !choice.text.trim()) return null;
  return html`<ul class="chosen" aria-label="Chosen">
      ${choice.text.trim() &&
      html`<li><button type="button" onClick=${() => amend({ q: null }, { push: true })}>“${visible(oneLine(choice.text, 40))}” <${Cross} /></button></li>`}
      ${facets.flatMap(([name, words]) =>
        words.map(
          (word) => html`<li>
            <button type="button" onClick=${() => amend({ [name]: packed(words.filter((each) => each !== word)) }, { push: true })}>
              <small>${titleOf(name)}</small> ${word === null ? html`<i>none</i>` : visible(oneLine(shownAs(name, word), 60))} <${Cross} />
            </button>
          </li>`,
        ),
      )}
    </ul>
    <button type="button" class="quiet" onClick=${() => amend(cleared(choice), { push: true })}>clear all</button>`;
}

function Cross() {
  return html`<span aria-hidden="true">×</span><span class="hidden">, remove</span>`;
}

function CopyLink() {
  const [said, say] = useState("");
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => say(""), 2500);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = () =>
    (navigator.clipboard?.writeText(location.href) ?? Promise.reject()).then(
      () => say("copied"),
      () => say("the browser forbids it: copy the address instead"),
    );
  return html`<span class="copy"><span role="status">${said}</span><button type="button" class="quiet" onClick=${copy}>copy link</button></span>`;
}
