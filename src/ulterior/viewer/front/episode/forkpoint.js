// @ts-check
/** Where a fork left its parent, and where forks of this episode leave it: at the very step. */
import { html } from "../html.js";
import { link } from "../route.js";
import { oneLine } from "../text.js";
import { plain } from "../words.js";

/** @param {{record: import("./record.js").Record_, step: any}} props */
export function ForkPoint({ record, step }) {
  const { about } = record.replay;
  const here = about.fork && record.stepOf(about.fork.at) === step.n;
  const leaving = record.leaving.get(step.n) ?? [];
  return html`${here && html`<${Left} about=${about} />`}${leaving.map((branch) => html`<${Branch} about=${about} branch=${branch} />`)}`;
}

/** @param {{about: any}} props */
function Left({ about }) {
  const { parent, at, edits } = about.fork;
  return html`<p class="fork-point put" role="note">
    <b>${edits.length ? "put by an experimenter" : "run on by an experimenter, unedited"}</b>${edits.length > 0 && html`: <bdi>${edits.map((/** @type {string} */ edit) => oneLine(edit, 300)).join("; ")}</bdi>`}.
    ${" "}Up to here it is <a href=${link(["s", about.study, "e", parent], { ev: at })}>its parent ${parent.slice(0, 8)}</a>,
    ${" "}<a href=${link(["compare"], { a: `${about.study}/${parent}`, b: `${about.study}/${about.episode}` })}>compare</a>.
  </p>`;
}

/** @param {{about: any, branch: any}} props */
function Branch({ about, branch }) {
  const { episodes, edits } = branch;
  return html`<div class="fork-point" role="note">
    <span aria-hidden="true">⑂ </span>from here: <a href=${link(["s", about.study, "forks"], { x: branch.experiment })}>${oneLine(plain(branch.kind), 40)}, ${oneLine(plain(branch.arm), 60)}</a>${edits.length > 0 && html`
      <span class="soft"><bdi>${edits.map((/** @type {string} */ edit) => oneLine(edit, 160)).join("; ")}</bdi></span>`},
    ${" "}${episodes.slice(0, MOST).map((/** @type {string} */ episode) => html`<a href=${link(["s", about.study, "e", episode])}>${episode.slice(0, 8)}</a> `)}
    ${episodes.length > MOST && `and ${episodes.length - MOST} more`}
  </div>`;
}

const MOST = 6;
