// @ts-check
/** A fork experiment as a tree: parent, fork point, arm, forks. */
import { html } from "../html.js";
import { link } from "../route.js";
import { oneLine } from "../text.js";
import { Outcome, plain, several, shortId, shownAs } from "../words.js";
import { LeftOut } from "./left_out.js";
import { DrawnDifference, DrawnRate } from "./interval.js";

const OPEN_PARENTS = 3;

/** @param {{experiment: any, parents: Record<string, string>, study: string, outcome: string}} props */
export function Tree({ experiment, parents, study, outcome }) {
  const groups = Map.groupBy(experiment.branches, (/** @type {any} */ branch) => branch.parent);
  return html`<ul class="tree">
    ${[...groups].map(([parent, branches]) => html`<li key=${parent}>
      <details open=${groups.size <= OPEN_PARENTS && experiment.kind === "edit"}>
        <summary>from <b>${oneLine(parents[parent] ?? parent.slice(0, 12), 160)}</b>${groups.size > 1 && html` <small class="soft">${together(branches, outcome)}</small>`}</summary>
        <p class="links"><a href=${link(["s", study, "e", parent])}>episode ${shortId(parent)}</a></p>
        <${Points} branches=${branches} study=${study} outcome=${outcome} kind=${experiment.kind} />
      </details>
    </li>`)}
  </ul>`;
}

/** How many of a parent's forks came to the outcome. @param {any[]} branches @param {string} outcome */
function together(branches, outcome) {
  const rates = branches.map((branch) => branch.rates[outcome]).filter(Boolean);
  const n = rates.reduce((sum, rate) => sum + rate.n, 0);
  return n ? `${plain(outcome)} ${rates.reduce((sum, rate) => sum + rate.k, 0)} of ${n}` : "";
}

/** @param {{branches: any[], study: string, outcome: string, kind: string}} props */
function Points({ branches, study, outcome, kind }) {
  const points = Map.groupBy(branches, (branch) => branch.at);
  return html`<ul>
    ${[...points].map(([at, arms]) => html`<li key=${at}>
      <p class="point"><a href=${link(["s", study, "e", arms[0].parent], { ev: at })}>before turn ${arms[0].turn}</a> <small>behind event ${at}</small></p>
      <ul>${arms.map((branch, n) => html`<li key=${n}><${Arm} branch=${branch} study=${study} outcome=${outcome} kind=${kind} /></li>`)}</ul>
    </li>`)}
  </ul>`;
}

/** @param {{branch: any, study: string, outcome: string, kind: string}} props */
function Arm({ branch, study, outcome, kind }) {
  const effect = (branch.effects ?? []).find((/** @type {any} */ each) => each.outcome === outcome);
  const asked = branch.asked ? plain(oneLine(branch.asked, 80)) : "";
  return html`<div class="arm">
    ${branch.arm !== "scan" && html`<p class="arm-name"><b>${branch.arm === "ask" ? asked || "asked" : plain(branch.arm)}</b>${" "}
      <span>${branch.edits.map((/** @type {string} */ edit) => oneLine(edit, 220)).join("; ")}</span></p>`}
    <div class="numbers">
      <span class="n">${several(branch.forks.length, "fork")}</span>
      ${kind === "probe" ? html`<${Answers} branch=${branch} />` : html`<span class="what">${plain(outcome)}</span> <${DrawnRate} rate=${branch.rates[outcome]} />`}
      ${branch.mean !== null && branch.mean !== undefined && html`<span>mean answer ${branch.mean.toFixed(1)}</span>`}
      ${effect && html`<span class="what">against control</span> <${DrawnDifference} difference=${effect.difference} />`}
      <${LeftOut} counts=${branch.unscored?.[outcome]} what="forks" />
      ${branch.dropped > 0 && html`<span class="left-out">the reasoning of ${branch.dropped} turns is left out</span>`}
    </div>
    <details class="forks-of-arm"><summary>${branch.forks.length === 1 ? "the fork" : `the ${branch.forks.length} forks`}: ${outcomesIn(branch.forks)}</summary>
      <ul class="fork-list">${branch.forks.map((/** @type {any} */ fork) => html`<li key=${fork.episode}><${Fork} fork=${fork} branch=${branch} study=${study} /></li>`)}</ul>
    </details>
  </div>`;
}

/** @param {{branch: any}} props */
function Answers({ branch }) {
  return html`${Object.entries(branch.rates).map(([answer, rate]) => html`<span class="what">${plain(oneLine(answer, 60))}</span> <${DrawnRate} rate=${rate} /> `)}`;
}

/** @param {any[]} forks */
function outcomesIn(forks) {
  const counts = Map.groupBy(forks, (fork) => fork.outcome);
  return [...counts].map(([outcome, each]) => `${each.length} ${shownAs("outcome", outcome)}`).join(", ");
}

/** @param {{fork: any, branch: any, study: string}} props */
function Fork({ fork, branch, study }) {
  if (fork.outcome === "missing") return html`<span class="soft">${shortId(fork.episode)} has not been run</span>`;
  const pair = link(["compare"], { a: `${study}/${branch.parent}`, b: `${study}/${fork.episode}` });
  return html`<a href=${link(["s", study, "e", fork.episode])}>${shortId(fork.episode)}</a> <${Outcome} outcome=${fork.outcome} />
    ${fork.reason && html` <span class="soft">${oneLine(fork.reason, 120)}</span>`} <a href=${pair}>compare with its parent</a>`;
}
