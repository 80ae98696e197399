// @ts-check
/** Two studies, paired episode by episode: where covert action came up, and where it went away. */
import { html, useMemo } from "../html.js";
import { useLive } from "../live.js";
import { Waiting, useDocument } from "../loading.js";
import { amend, link } from "../route.js";
import { oneLine } from "../text.js";
import { Badge, plain, several, shortId } from "../words.js";
import { DrawnDifference } from "./interval.js";
import { LeftOut } from "./left_out.js";

/** @type {Record<string, [string, string]>} kind → [words, tone] */
const KINDS = {
  safe_to_covert: ["safe → covert", "bad"],
  covert_to_safe: ["covert → safe", "good"],
  both_covert: ["both covert", "warn"],
  both_safe: ["both safe", "plain"],
  undecided: ["undecided", "unknown"],
};
const MOST = 200;

/** @param {{catalog: any, params: Record<string, string>}} props */
export function FlipsPage({ catalog, params }) {
  const pairs = catalog.flips.filter((/** @type {any} */ pair) => (!params.a || pair.includes(params.a)) && (!params.b || pair.includes(params.b)));
  const a = params.a ?? pairs[0]?.[0];
  const b = params.b ?? pairs[0]?.find((/** @type {string} */ key) => key !== a);
  if (!a || !b || a === b) return html`<${NotTwo} catalog=${catalog} />`;
  return html`<${Loaded} key=${`${a} ${b}`} catalog=${catalog} a=${a} b=${b} params=${params} />`;
}

/** @param {{catalog: any, failed?: string}} props */
function NotTwo({ catalog, failed }) {
  return html`<section><h1>Two studies</h1>
    ${failed && html`<p role="alert">${failed}</p>`}
    <p>Two studies can be set against each other where both are open: <code>ulterior view STUDY-A STUDY-B</code>, or an export of both.
      Their episodes are paired by scenario, condition and seed.</p>
    ${catalog.flips.length > 0 && html`<ul>${catalog.flips.map((/** @type {[string, string]} */ [a, b]) => html`<li><a href=${link(["flips"], { a, b })}>${oneLine(a, 60)} against ${oneLine(b, 60)}</a></li>`)}</ul>`}
  </section>`;
}

/** @param {{catalog: any, a: string, b: string, params: Record<string, string>}} props */
function Loaded({ catalog, a, b, params }) {
  const { found, failed } = useDocument(`flips/${a}/${b}`, useLive(a) + useLive(b));
  if (failed) return html`<${NotTwo} catalog=${catalog} failed=${failed} />`;
  if (!found) return html`<${Waiting} what="two studies" />`;
  return html`<section class="flips">
    <h1>${oneLine(found.a.name, 60)} against ${oneLine(found.b.name, 60)}</h1>
    <p>A is <a href=${link(["s", a])}>${oneLine(found.a.name, 60)}</a>, B is <a href=${link(["s", b])}>${oneLine(found.b.name, 60)}</a>.
      ${" "}Pairs are episodes of one scenario, condition, seed and repetition. ${models(found)}
      ${catalog.where === "server" && html` <a href=${link(["flips"], { a: b, b: a })}>Exchange A and B</a>`}</p>
    <p class="effect">Covert action in all decided pairs, B minus A: <${DrawnDifference} difference=${found.whole} /></p>
    <p class="soft">${found.whole.method}, over ${found.whole.clusters} instances, about ${found.whole.estimand}. Undecided pairs are in no difference.</p>
    <${Alone} found=${found} />
    <${Matrix} found=${found} params=${params} />
    <${Pairs} found=${found} a=${a} b=${b} params=${params} />
  </section>`;
}

/** @param {any} found */
function models(found) {
  const others = found.models.filter((/** @type {[string, string]} */ [one, other]) => one !== other);
  return others.length ? `Models that only one of them has are paired: ${others.map((/** @type {string[]} */ pair) => pair.map((name) => oneLine(name, 60)).join(" with ")).join(", ")}.` : "";
}

/** @param {{found: any}} props */
function Alone({ found }) {
  if (!found.alone_a && !found.alone_b) return null;
  return html`<p class="soft">Without a counterpart: ${found.alone_a} in A, ${found.alone_b} in B.
    ${" "}<${LeftOut} counts=${found.why_alone_a} what="of A" lead="" />${found.alone_a && found.alone_b ? "; " : ""}<${LeftOut} counts=${found.why_alone_b} what="of B" lead="" /></p>`;
}

/** @param {{found: any, params: Record<string, string>}} props */
function Matrix({ found, params }) {
  const kinds = Object.keys(KINDS);
  const named = found.models.length > 1;
  return html`<div class="wide"><table class="listing by-cell">
    <caption class="hidden">Pairs by scenario, condition and model</caption>
    <thead><tr><th scope="col">scenario</th><th scope="col">condition</th>${named && html`<th scope="col">model</th>`}
      ${kinds.map((kind) => html`<th scope="col" class="number">${KINDS[kind][0]}</th>`)}<th scope="col">covert, B minus A</th></tr></thead>
    <tbody>
      <tr class="sum"><th scope="row">all</th><td></td>${named && html`<td></td>`}${kinds.map((kind) => html`<td class="number"><${Count} kind=${kind} count=${total(found, kind)} cell=${null} params=${params} /></td>`)}
        <td><${DrawnDifference} difference=${found.whole} brief=${true} /></td></tr>
      ${found.cells.map((/** @type {any} */ cell, /** @type {number} */ n) => html`<tr key=${n} class=${cell.scenario === found.cells[n - 1]?.scenario ? "follows" : ""}>
        <th scope="row">${plain(oneLine(cell.scenario, 60))}</th><td>${oneLine(cell.label, 80)}${cell.purpose && html` <small class="soft">${plain(cell.purpose)}</small>`}</td>
        ${named && html`<td><${Models} cell=${cell} /></td>`}
        ${kinds.map((kind) => html`<td class="number"><${Count} kind=${kind} count=${cell.counts[kind] ?? 0} cell=${n} params=${params} /></td>`)}
        <td><${DrawnDifference} difference=${cell.difference} brief=${true} /></td>
      </tr>`)}
    </tbody>
  </table></div>`;
}

/** @param {{cell: any}} props */
function Models({ cell }) {
  return html`${oneLine(cell.model_a, 60)}${cell.model_a !== cell.model_b && html` → ${oneLine(cell.model_b, 60)}`}`;
}

/** @param {any} found @param {string} kind */
function total(found, kind) {
  return found.cells.reduce((/** @type {number} */ sum, /** @type {any} */ cell) => sum + (cell.counts[kind] ?? 0), 0);
}

/** @param {{kind: string, count: number, cell: number | null, params: Record<string, string>}} props */
function Count({ kind, count, cell, params }) {
  if (count === 0) return html`<span class="soft">0</span>`;
  const chosen = params.kind === kind && (params.cell ?? "") === String(cell ?? "");
  return html`<button type="button" class="count" aria-pressed=${chosen} aria-label=${`${count} ${KINDS[kind][0]}: show them`}
    onClick=${() => amend({ kind: chosen ? null : kind, cell: chosen ? null : cell }, { push: true })}>${kind.includes("_to_") ? html`<${Badge} tone=${KINDS[kind][1]}>${count}<//>` : count}</button>`;
}

/** @param {{found: any, a: string, b: string, params: Record<string, string>}} props */
function Pairs({ found, a, b, params }) {
  const chosen = params.kind ?? Object.keys(KINDS).find((kind) => kind.includes("_to_") && total(found, kind)) ?? "";
  const rows = useMemo(
    () => found.pairs.filter((/** @type {any} */ pair) => pair.kind === chosen && (!params.cell || pair.cell === Number(params.cell))),
    [found, chosen, params.cell],
  );
  const named = found.models.length > 1;
  if (!chosen) return html`<p>No pair flipped. A number above shows its pairs.</p>`;
  const [words, tone] = KINDS[chosen] ?? [plain(chosen), "plain"];
  return html`<h2><${Badge} tone=${tone}>${words}<//> <small>${several(rows.length, "pair")}${params.cell ? " of one cell" : ""}</small></h2>
    ${rows.length > 0 && html`<table class="listing">
      <caption class="hidden">Pairs: ${words}</caption>
      <thead><tr><th scope="col">scenario</th><th scope="col">condition</th>${named && html`<th scope="col">model</th>`}<th scope="col">seed</th><th scope="col">episodes</th><th scope="col">side by side</th>${chosen === "undecided" && html`<th scope="col">why</th>`}</tr></thead>
      <tbody>${rows.slice(0, MOST).map((/** @type {any} */ pair) => {
        const cell = found.cells[pair.cell];
        return html`<tr key=${`${pair.a} ${pair.b}`}><th scope="row">${plain(oneLine(cell.scenario, 60))}</th><td>${oneLine(cell.label, 80)}</td>${named && html`<td><${Models} cell=${cell} /></td>`}
          <td class="number">${pair.seed}${pair.epoch ? `, epoch ${pair.epoch}` : ""}</td>
          <td><a href=${link(["s", a, "e", pair.a])}>A ${shortId(pair.a)}</a> <a href=${link(["s", b, "e", pair.b])}>B ${shortId(pair.b)}</a></td>
          <td><a href=${link(["compare"], { a: `${a}/${pair.a}`, b: `${b}/${pair.b}` })}>compare</a></td>
          ${chosen === "undecided" && html`<td>${oneLine(pair.reason ?? "", 200)}</td>`}</tr>`;
      })}</tbody>
    </table>`}
    ${rows.length > MOST && html`<p class="soft">and ${rows.length - MOST} more; choose a cell to see them</p>`}`;
}
