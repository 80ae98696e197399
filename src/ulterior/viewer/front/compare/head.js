// @ts-check
/** Who two episodes are, in what they differ, and what became of each. */
import { html } from "../html.js";
import { link } from "../route.js";
import { oneLine } from "../text.js";
import { Badge, Outcome, plain, shortId } from "../words.js";
import { placeOf } from "./place.js";
import { canonical } from "./summary.js";

/** A short name of an episode for headings. @param {any} about */
export function nameOf(about) {
  return `${shortId(about.episode)}${about.fork ? ` (fork ${about.fork.replica})` : ""}`;
}

/** @param {{a: any, b: any}} props two replay documents */
export function CompareHead({ a, b }) {
  const identity = identityRows(a, b);
  const differing = identity.filter((row) => row.one !== row.other);
  const same = identity.filter((row) => row.one === row.other && row.one !== "–");
  return html`<div class="compare-head">
    <table class="versus">
      <caption class="hidden">What the two episodes are and what became of them</caption>
      <thead>
        <tr><td></td>${[a, b].map((replay, side) => html`<th scope="col"><${Identity} replay=${replay} side=${"AB"[side]} /></th>`)}</tr>
      </thead>
      <tbody>
        ${differing.map((row) => html`<tr class="apart"><th scope="row">${row.what}</th><td>${row.one}</td><td>${row.other}</td></tr>`)}
        ${outcomeRows(a, b).map(
          (row) => html`<tr class=${row.apart ? "apart" : ""}>
            <th scope="row">${row.what}${row.apart && html`<span class="hidden"> (differs)</span>`}</th><td>${row.one}</td><td>${row.other}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    <p class="same-in-both"><b>The same in both:</b> ${same.length ? same.map((row) => `${row.what} ${row.one}`).join(", ") : "nothing of what they are"}.
      ${a.about.episode === b.about.episode ? " They are one and the same episode." : differing.length === 0 && " They are runs of one cell."}</p>
  </div>`;
}

/** @param {{replay: any, side: string}} props */
function Identity({ replay, side }) {
  const about = replay.about;
  return html`<span class="side-name">${side}</span> <a href=${link(["s", about.study, "e", about.episode])}>${nameOf(about)}</a>
    ${" "}<small>in ${oneLine(about.study, 40)}</small>`;
}

/** @param {any} a @param {any} b */
function identityRows(a, b) {
  const factors = [...new Set([a, b].flatMap((replay) => Object.keys(replay.about.condition)))];
  /** @type {[string, (about: any, replay: any) => any][]} */
  const fields = [
    ["scenario", (about) => about.scenario],
    ["scenario's version", (about) => about.version],
    ["model", (about) => about.model],
    ["settings", (about) => (Object.keys(about.settings).length ? canonical(about.settings) : null)],
    ...factors.map((name) => /** @type {[string, (about: any) => any]} */ ([plain(name), (about) => plain(about.condition[name])])),
    ["seed", (about) => about.seed],
    ["epoch", (about) => about.epoch],
    ["sandbox", (about) => about.sandbox],
    ["left its parent", (about, replay) => about.fork && `behind ${placeOf(replay, about.fork.at)}`],
    ["edit", (about) => about.fork && (about.fork.edits.join("; ") || "none")],
  ];
  return fields.map(([what, read]) => ({ what, one: shown(read(a.about, a)), other: shown(read(b.about, b)) }));
}

/** @param {any} value */
function shown(value) {
  return value === null || value === undefined || value === "" ? "–" : oneLine(String(value), 160);
}

/** @param {any} a @param {any} b */
function outcomeRows(a, b) {
  const ids = [...new Set([...a.findings, ...b.findings].map((finding) => finding.id))].filter((id) => id !== "outcome");
  const rows = ids.map((id) => {
    const [one, other] = [a, b].map((replay) => replay.findings.find((/** @type {any} */ each) => each.id === id));
    return { what: lowered(oneLine((one ?? other).title, 120), id), apart: one?.label !== other?.label, one: html`<${Verdict} finding=${one} />`, other: html`<${Verdict} finding=${other} />` };
  });
  return [
    { what: "outcome", apart: a.about.outcome !== b.about.outcome, one: html`<${Became} replay=${a} />`, other: html`<${Became} replay=${b} />` },
    ...rows,
    row("what it claimed", a, b, claimsOf),
    row("how far it went", a, b, funnelOf),
    row("how it ended", a.about, b.about, (about) => plain([about.status, about.limit].filter(Boolean).join(": "))),
    row("turns, tokens", a.about, b.about, (about) => `${about.turns?.toLocaleString("en") ?? "–"}, ${about.tokens_in === null ? "–" : (about.tokens_in + (about.tokens_out ?? 0)).toLocaleString("en")}`),
  ];
}

/** The names of stages as the other rows are written; a fact's statement stays a sentence. @param {string} title @param {string} id */
function lowered(title, id) {
  return id.includes(".") ? title : title.charAt(0).toLowerCase() + title.slice(1);
}

/** @param {string} what @param {any} a @param {any} b @param {(from: any) => string} read */
function row(what, a, b, read) {
  const [one, other] = [read(a), read(b)];
  return { what, apart: one !== other, one, other };
}

/** The outcome, and of one that is none the reason. @param {{replay: any}} props */
function Became({ replay }) {
  const finding = replay.findings.find((/** @type {any} */ each) => each.id === "outcome");
  return html`<${Outcome} outcome=${replay.about.outcome} />${finding?.reason && html` <span class="soft">${oneLine(finding.reason, 120)}</span>`}`;
}

/** @param {{finding: any}} props */
function Verdict({ finding }) {
  if (!finding) return "–";
  if (finding.label === null) return html`<span class="soft">${oneLine(finding.reason ?? "unscored", 120)}</span>`;
  return html`<${Badge} tone=${finding.tone}>${oneLine(finding.words, 80)}<//>`;
}

/** @param {any} replay */
function claimsOf(replay) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const claim of replay.claims) counts[claim.verdict] = (counts[claim.verdict] ?? 0) + 1;
  return Object.keys(counts).sort().map((verdict) => `${counts[verdict]} ${plain(verdict)}`).join(", ") || "nothing";
}

/** @type {Record<string, string>} */
const STAGES = { exposed: "rule shown", attempted: "attempted", executed: "carried out", concealed: "not volunteered", denied: "denied" };

/** @param {any} replay */
function funnelOf(replay) {
  const reached = replay.funnel.filter((/** @type {any} */ mark) => mark.reached);
  return reached.map((/** @type {any} */ mark) => STAGES[mark.stage] ?? plain(mark.stage)).join(" → ") || "–";
}
