// @ts-check
/** What a study is: who was asked what, when, with which outcome, by whom it was judged, and where else to look. */
import { html } from "../html.js";
import { link } from "../route.js";
import { oneLine, visible } from "../text.js";
import { count, several, when } from "../words.js";
import { filtered } from "./address.js";
import { Designs, Detectors } from "./design.js";

/** @param {{catalog: any, runs: any, params: Record<string, string>}} props */
export function Head({ catalog, runs, params }) {
  const { study } = runs;
  const asked = [several(runs.models.length, "model"), several(Object.keys(runs.scenarios).length, "scenario")];
  return html`<header class="study">
    <div class="title">
      <h1>${visible(oneLine(study.name))}</h1>
      ${study.live && html`<span class="badge" role="status"><span class="mark" aria-hidden="true">◌</span> running now</span>`}
      <${Elsewhere} catalog=${catalog} runs=${runs} />
    </div>
    <p class="asked">
      ${asked.join(" · ")} · ${span(study)}${Object.entries(study.about).map(
        ([name, value]) => html`<span class="fact"> · ${visible(oneLine(name))} ${visible(oneLine(String(value)))}</span>`,
      )}
    </p>
    <${ScopeLine} scope=${study.scope} study=${study.key} params=${params} />
    <div class="papers">
      <${Designs} designs=${study.designs} />
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
    <a href=${to({ line: ["main"] })}><b>${count(scope.episodes)}</b> episodes</a>${": "}
    ${SCOPE.map(
      ([field, word, chosen], at) => html`${at > 0 && ", "}${
        scope[field] ? html`<a href=${to(chosen)}><b>${count(scope[field])}</b> ${word}</a>` : html`<span class="nil">0 ${word}</span>`
      }`,
    )}${"; "}
    ${scope.forks ? html`<a href=${to({ line: ["fork"] })}><b>${count(scope.forks)}</b> forks</a>` : html`<span class="nil">0 forks</span>`}${", "}
    <span class=${scope.missing ? "lacking" : "nil"}>${count(scope.missing)} planned but missing</span>${", "}
    <span class=${scope.void_attempts ? "lacking" : "nil"}>${several(scope.void_attempts, "failed attempt")} beside them</span>
  </p>`;
}
