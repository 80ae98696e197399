// @ts-check
/** Where an episode comes from and what was run on from it, in a few lines for its own page. */
import { html } from "../html.js";
import { link } from "../route.js";
import { oneLine } from "../text.js";
import { plain, several, shortId } from "../words.js";
import { placeOf } from "./place.js";

/** @param {{study: string, replay: any}} props */
export function ForkLinks({ study, replay }) {
  const { about, branches } = replay;
  if (!about.fork && branches.length === 0) return null;
  return html`<div class="fork-links">
    ${about.fork && html`<p>A fork of <a href=${link(["s", study, "e", about.fork.parent], { ev: about.fork.at })}>${shortId(about.fork.parent)}</a>, left behind ${placeOf(replay, about.fork.at)},${" "}
      ${about.fork.edits.length ? about.fork.edits.map((/** @type {string} */ edit) => oneLine(edit, 160)).join("; ") : "unedited"}.
      ${" "}<a href=${link(["compare"], { a: `${study}/${about.fork.parent}`, b: `${study}/${about.episode}` })}>Compare them</a></p>`}
    ${branches.length > 0 && html`<details><summary>${branches.length} ${branches.length === 1 ? "branch leaves" : "branches leave"} this episode</summary>
      <ul>${branches.map((/** @type {any} */ branch, /** @type {number} */ n) => html`<li key=${n}>
        <a href=${link(["s", study, "forks"], { x: branch.experiment })}>before turn ${branch.turn}: ${plain(branch.kind)}, ${plain(branch.arm)}</a>
        ${branch.edits.length > 0 && html` <span class="soft">${branch.edits.map((/** @type {string} */ edit) => oneLine(edit, 160)).join("; ")}</span>`}
        ${" "}<small>${several(branch.episodes.length, "fork")}${branch.episodes.length > 0 && html`, <a
          href=${link(["compare"], { a: `${study}/${about.episode}`, b: `${study}/${branch.episodes[0]}` })}>compare with the first</a>`}</small>
      </li>`)}</ul></details>`}
  </div>`;
}
