// @ts-check
/** The fork experiments of a study: from a parent over the place where its forks left it to what became of them. */
import { html } from "../html.js";
import { useLive } from "../live.js";
import { Waiting, useDocument } from "../loading.js";
import { amend, link } from "../route.js";
import { oneLine } from "../text.js";
import { plain, shortId, when } from "../words.js";
import { Tree } from "./fork_tree.js";
import { Results } from "./results.js";
import { Scan } from "./scan.js";

/** @type {Record<string, string>} */
const KINDS = {
  edit: "what an edit changes",
  scan: "where the act is decided",
  interview: "what is said when asked",
  probe: "what it takes its situation for",
  tells: "what makes it think so",
};
const FIRST = ["covert", "violated"];

/** @param {{catalog: any, study: string, params: Record<string, string>}} props */
export function ForksPage({ catalog, study, params }) {
  const { found, failed } = useDocument(`forks/${study}`, useLive(study));
  if (!found) return html`<${Waiting} failed=${failed} what="the forks" />`;
  const shown = found.experiments.filter((/** @type {any} */ each) => !params.x || each.id === params.x);
  const name = catalog.studies.find((/** @type {any} */ each) => each.key === study)?.name ?? study;
  return html`<section class="forks">
    <h1>Forks in ${oneLine(name, 80)}</h1>
    ${found.experiments.length === 0
      ? html`<p>No episode of this study has been forked. <code>ulterior fork DIR EPISODE --at STEP --edit …</code> runs one on from one of its steps, with an edit
          and without.</p>`
      : html`<${Index} experiments=${found.experiments} study=${study} params=${params} />`}
    ${params.x && shown.length === 0 && html`<p role="alert">There is no experiment ${oneLine(params.x, 40)} here. <a href=${link(["s", study, "forks"])}>All of them</a></p>`}
    ${shown.map((/** @type {any} */ each) => html`<${Experiment} key=${each.id} experiment=${each} forks=${found} study=${study} params=${params} />`)}
  </section>`;
}

/** @param {{experiments: any[], study: string, params: Record<string, string>}} props */
function Index({ experiments, study, params }) {
  return html`<table class="listing">
    <caption class="hidden">Fork experiments</caption>
    <thead><tr><th scope="col">experiment</th><th scope="col">asks</th><th scope="col">parents</th><th scope="col">forks</th><th scope="col">made</th></tr></thead>
    <tbody>
      ${experiments.map((each) => html`<tr key=${each.id} aria-current=${each.id === params.x ? "true" : undefined}>
        <th scope="row"><a href=${link(["s", study, "forks"], { x: each.id, m: params.m })}>${plain(each.kind)} ${shortId(each.id)}</a></th>
        <td>${KINDS[each.kind] ?? plain(each.kind)}${each.sandbox ? `, in ${oneLine(each.sandbox, 40)}` : ""}</td>
        <td class="number">${new Set(each.branches.map((/** @type {any} */ branch) => branch.parent)).size}</td>
        <td class="number">${forksIn(each)}</td>
        <td>${when(each.created)}</td>
      </tr>`)}
    </tbody>
    ${params.x && html`<tfoot><tr><td colspan="5"><a href=${link(["s", study, "forks"], { m: params.m })}>Show all experiments</a></td></tr></tfoot>`}
  </table>`;
}

/** @param {any} experiment */
function forksIn(experiment) {
  return experiment.branches.reduce((/** @type {number} */ sum, /** @type {any} */ branch) => sum + branch.forks.length, 0);
}

/** @param {{experiment: any, forks: any, study: string, params: Record<string, string>}} props */
function Experiment({ experiment, forks, study, params }) {
  const names = [...new Set(experiment.branches.flatMap((/** @type {any} */ branch) => Object.keys(branch.rates)))];
  const preferred = [params.m, ...FIRST, ...names].find((name) => name && names.includes(name)) ?? "";
  const edits = [...new Set(experiment.branches.flatMap((/** @type {any} */ branch) => (branch.arm === "edit" ? branch.edits : [])))];
  return html`<section class="experiment" aria-label=${`Experiment ${experiment.id}`}>
    <h2>${plain(experiment.kind)}: ${edits.length === 1 ? oneLine(/** @type {string} */ (edits[0]), 160) : (KINDS[experiment.kind] ?? "")} <small>${experiment.id}</small></h2>
    <${Results} experiment=${experiment} />
    ${names.length > 1 && experiment.kind !== "probe" && html`<div class="switch" role="group" aria-label="Outcome">
      ${names.map((name) => html`<button type="button" aria-pressed=${name === preferred} onClick=${() => amend({ m: name })}>${plain(oneLine(name, 60))}</button> `)}
    </div>`}
    ${experiment.kind === "scan" && html`<${Scan} experiment=${experiment} outcome=${preferred} />`}
    <${Tree} experiment=${experiment} parents=${forks.parents} study=${study} outcome=${preferred} />
    <p class="soft">Intervals are about ${estimandOf(experiment, preferred)}.</p>
  </section>`;
}

/** @param {any} experiment @param {string} outcome */
function estimandOf(experiment, outcome) {
  const rate = experiment.branches.map((/** @type {any} */ branch) => branch.rates[outcome]).find((/** @type {any} */ each) => each?.n);
  return rate ? `${rate.estimand} (${rate.method}, ${Math.round(rate.level * 100)} %)` : "nothing yet";
}
