// @ts-check
/** When no episode is left: which filter to take away, and how many episodes that would bring back. */
import { html } from "../html.js";
import { amend } from "../route.js";
import { several } from "../words.js";
import { cleared } from "./address.js";
import { titleOf } from "./facet.js";
import { matching } from "./query.js";

/** @param {{index: import("./query.js").Index, choice: import("./query.js").Choice}} props */
export function Nothing({ index, choice }) {
  const names = Object.keys(choice.chosen);
  const searched = choice.text.trim() !== "";
  const filters = names.length + (searched ? 1 : 0);
  if (!filters) return html`<p class="nothing">This study has no episodes yet.</p>`;
  const ways = names.map((name) => ({ what: titleOf(name), clear: { [name]: null }, left: without(index, choice, name) }));
  if (searched) ways.push({ what: "the search", clear: { q: null }, left: matching(index, { ...choice, text: "" }).count });
  return html`<div class="nothing">
    <p>No episode matches ${filters === 1 ? "this" : `all ${filters} filters at once`}.</p>
    <ul>
      ${filters > 1 &&
      ways.map(
        ({ what, clear, left }) => html`<li>
          <button type="button" onClick=${() => amend(clear, { push: true })}>without ${what}</button> ${several(left, "episode")}
        </li>`,
      )}
      <li><button type="button" onClick=${() => amend(cleared(choice), { push: true })}>clear all</button> ${several(index.n, "episode")}</li>
    </ul>
  </div>`;
}

/** How many rows there would be without one facet. @param {import("./query.js").Index} index @param {import("./query.js").Choice} choice @param {string} name */
function without(index, choice, name) {
  const { [name]: _, ...chosen } = choice.chosen;
  return matching(index, { ...choice, chosen }).count;
}
