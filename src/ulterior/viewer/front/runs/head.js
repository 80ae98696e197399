// @ts-check
/** What a study is: who was asked what, when, with which outcome, by whom it was judged, and where else to look. */
import { html } from "../html.js";
import { link } from "../route.js";
import { oneLine, Text, visible } from "../text.js";
import { count, several, when } from "../words.js";
import { filtered } from "./address.js";
import { Designs, Detectors } from "./design.js";

/** @param {{catalog: any, runs: any, params: Record<string, string>}} props */
export function Head({ catalog, runs, params }) {
  const { study } = runs;
  const { exported, ...about } = study.about;
  const asked = [several(runs.models.length, "model"), several(Object.keys(runs.scenarios).length, "scenario"), span(study)];
  return html`<header class="study">
    <div class="title">
      <h1>${visible(oneLine(study.name))}</h1>
      ${study.live && html`<span class="badge" role="status"><span class="mark" aria-hidden="true">◌</span> running now</span>`}
      <${Elsewhere} catalog=${catalog} runs=${runs} />
    </div>
    <p class="asked">${asked.join(" · ")}</p>
    ${exported && html`<p class="part"><b>A part of the study.</b> <${Text} value=${exported} limit=${1000} /></p>`}
    <${ScopeLine} scope=${study.scope} study=${study.key} params=${params} />
    <div class="papers">
      <${Designs} designs=${study.designs} about=${about} />
      <${Detectors} detectors=${runs.detectors} />
    </div>
  </header>`;
}

/** @param {{started: number|null, ended: number|null}} study */
function span({ started, ended }) {
  const [from, to] = [when(started), when(ended)];
  if (from === to) return from;
  return from.slice(0, 10) === to.slice(0, 10) ? `${from.replace(" UTC", "")} to ${to.slice(11)}` : `${from} to ${to}`;
}

/** The other pages and studies. @param {{catalog: any, runs: any}} props */
function Elsewhere({ catalog, runs }) {
  const { key, scope } = runs.study;
  const name = (/** @type {string} */ each) => catalog.studies.find((/** @type {any} */ one) => one.key === each)?.name ?? each;
  const pairs = catalog.flips.filter((/** @type {string[]} */ pair) => pair.includes(key));
  return html`<nav class="elsewhere" aria-label="More of this study">
    ${scope.forks > 0 && html`<a href=${link(["s", key, "forks"])}>${several(scope.forks, "fork")}</a>`}
    ${catalog.where === "server" && html`<a href=${link(["s", key, "labels"])}>labels</a>`}
    ${pairs.map(
      (/** @type {[string, string]} */ [a, b]) =>
        html`<a href=${link(["flips"], { a, b })}>${a === key ? `compare with ${name(b)}` : `compare ${name(a)} with this`}</a>`,
    )}
    ${catalog.studies
      .filter((/** @type {any} */ each) => each.key !== key)
      .map((/** @type {any} */ each) => html`<a href=${link(["s", each.key])}>study ${visible(oneLine(each.name, 60))}</a>`)}
  </nav>`;
}

/** [field of the scope, word, the filter that shows these] @type {[string, string, Record<string, string[]>][]} */
const SCOPE = [
  ["scored", "scored", { kind: ["scored"], line: ["main"] }],
  ["unscored", "unscored", { kind: ["unscored"], line: ["main"] }],
  ["infra_error", "void", { kind: ["infra_error"], line: ["main"] }],
  ["running", "running", { kind: ["running"], line: ["main"] }],
  ["corrupt", "damaged", { kind: ["corrupt"], line: ["main"] }],
];

/** How many episodes there are and what became of them; each number shows its episodes.
 * @param {{scope: any, study: string, params: Record<string, string>}} props */
function ScopeLine({ scope, study, params }) {
  const to = (/** @type {Record<string, string[]>} */ chosen) => filtered(study, params, chosen);
  return html`<p class="scope">
    <a href=${to({ line: ["main"] })}><b>${count(scope.episodes)}</b> ${scope.episodes === 1 ? "episode" : "episodes"}</a>${": "}
    ${SCOPE.map(
      ([field, word, chosen], at) => html`${at > 0 && ", "}${
        scope[field] ? html`<a href=${to(chosen)}><b>${count(scope[field])}</b> ${word}</a>` : html`<span class="nil">0 ${word}</span>`
      }`,
    )}${scope.missing > 0 && html`; <b class="lacking">${count(scope.missing)} planned but missing</b>`}${
      scope.forks > 0 && html`; beside them <a href=${to({ line: ["fork"] })}><b>${count(scope.forks)}</b> ${scope.forks === 1 ? "fork" : "forks"}</a>`
    }${scope.void_attempts > 0 && html`; <span class="lacking">${several(scope.void_attempts, "attempt")} failed before there was anything to keep</span>`}
  </p>`;
}
