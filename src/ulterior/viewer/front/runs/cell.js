// @ts-check
/** One cell of the matrix: its rate with its interval, what is not in it, and the way to its episodes. */
import { html, useMemo } from "../html.js";
import { oneLine, visible } from "../text.js";
import { count, methodOf, percent, plain, range } from "../words.js";
import { placed } from "./address.js";

/** @typedef {{runs: any, base: string, choice: import("./query.js").Choice, matching: Int32Array, narrowing: boolean,
 *   measure: [string, string, string, string], onPlace: () => void}} Shared */

/** [field, word] of what a cell holds besides what was scored. @type {[string, string][]} */
const BESIDES = [
  ["unscored", "unscored"],
  ["void", "void"],
  ["running", "running"],
  ["corrupt", "damaged"],
];

/** @param {Shared & {at: number|undefined}} props */
export function MatrixCell({ at, ...shared }) {
  const { runs, base, choice, matching, measure, narrowing, onPlace } = shared;
  const cell = runs.cells[at ?? -1];
  const counted = useMemo(() => cell && html`<${Counted} cell=${cell} measure=${measure} />`, [cell, measure]);
  const title = useMemo(() => cell && detailsOf(cell, measure), [cell, measure]);
  if (at === undefined) return html`<td class="blank"><span class="hidden">not run</span></td>`;
  const left = matching[at] ?? 0;
  const place = { scenario: [cell.scenario], condition: [cell.label], model: [cell.model] };
  const here = isHere(choice, place);
  return html`<td class=${`cell ${left === 0 ? "without" : ""} ${here ? "here" : ""}`}>
    <a
      href=${here ? base : placed(base, place)} aria-current=${here ? "true" : undefined}
      title=${title} onClick=${here ? undefined : onPlace}
    >
      ${counted}
      ${narrowing && html`<span class=${left ? "match" : "hidden"}>${left === cell.episodes ? "all" : count(left)} match</span>`}
    </a>
  </td>`;
}

/** What stays the same whatever is filtered, so that it is drawn once. @param {{cell: any, measure: [string, string, string, string]}} props */
function Counted({ cell, measure }) {
  const rate = cell.rates[measure[0]];
  return html`<span class="kn">${rate.n ? html`<b>${count(rate.k)}</b>/${count(rate.n)}` : "–"}<span class="hidden"> ${measure[1]},</span></span>
    <${Bar} rate=${rate} tone=${measure[3]} />
    <span class="range">${rate.n ? range(rate) : "not decided"}</span>
    <span class="hidden">: ${oneLine(cell.model)}, ${oneLine(cell.scenario)}, ${oneLine(cell.label)}</span>
    <${Besides} cell=${cell} />`;
}

/** @param {import("./query.js").Choice} choice @param {Record<string, string[]>} place */
function isHere(choice, place) {
  return Object.entries(place).every(([name, [word]]) => choice.chosen[name]?.length === 1 && choice.chosen[name]?.[0] === word);
}

/** What was not scored, as visible as the rest. @param {{cell: any}} props */
function Besides({ cell }) {
  const some = BESIDES.filter(([field]) => cell[field] > 0);
  return some.length > 0 && html`<span class="besides">${some.map(([field, word]) => html`<span>+${count(cell[field])} ${word} </span>`)}</span>`;
}

/** What several cells hold besides what was scored: these are counts, no rates. @param {any[]} cells */
function added(cells) {
  return Object.fromEntries(BESIDES.map(([field]) => [field, cells.reduce((sum, cell) => sum + cell[field], 0)]));
}

/** All that is known of a cell in one line. @param {any} cell @param {[string, string, string, string]} measure */
function detailsOf(cell, [name, word]) {
  const rate = cell.rates[name];
  const listed = (/** @type {Record<string, number>} */ counts) => Object.entries(counts).map(([name, n]) => `${n} ${plain(name)}`);
  const parts = [
    rate.n ? `${word}: ${percent(rate.estimate)}, ${range(rate)} (${methodOf(rate)})` : `${word}: not decided`,
    `${cell.episodes} episodes, ${cell.scored} scored`,
    ...listed(cell.acts),
    ...listed(cell.undecided).map((each) => `undecided: ${each}`),
    ...(cell.refused ? [`${cell.refused} refused`] : []),
    ...listed(cell.limits).map((each) => `limit: ${each}`),
  ];
  return oneLine(parts.join(" · "), 500);
}

/** An interval with its estimate, from 0 to 100 %. @param {{rate: any, tone: string}} props */
function Bar({ rate, tone }) {
  if (!rate.n) return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"></svg>`;
  const [low, high, at] = [rate.low, rate.high, rate.estimate].map((each) => 100 * each);
  return html`<svg class=${`bar ${rate.k ? tone : "plain"}`} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="whole" x="0" y="4.5" width="100" height="1" />
    <rect class="interval" x=${low} y="2.5" width=${(high ?? 0) - (low ?? 0)} height="5" />
    <rect class="estimate" x=${Math.min(Math.max((at ?? 0) - 1.5, 0), 97)} y="0" width="3" height="10" />
  </svg>`;
}

/** The conditions of a scenario side by side, each with its own count: nothing is added up that was counted apart.
 * @param {Shared & {scenario: {name: string, rows: {byModel: Map<string, number>}[]}, model: string}} props */
export function FoldedCells({ runs, base, choice, matching, measure, narrowing, onPlace, scenario, model }) {
  const cells = useMemo(() => scenario.rows.flatMap((row) => row.byModel.get(model) ?? []), [scenario, model]);
  const counted = useMemo(
    () => html`${cells.map((at, nth) => html`${nth > 0 && " · "}<${Short} cell=${runs.cells[at]} measure=${measure[0]} />`)}
      <span class="hidden"> ${measure[1]}: ${visible(oneLine(model))}, ${visible(oneLine(scenario.name))}</span>
      <${Besides} cell=${added(cells.map((at) => runs.cells[at]))} />`,
    [cells, measure, runs],
  );
  if (cells.length === 0) return html`<td class="blank"><span class="hidden">not run</span></td>`;
  const place = { scenario: [scenario.name], model: [model] };
  const here = isHere(choice, place) && !choice.chosen.condition;
  const left = cells.reduce((sum, at) => sum + (matching[at] ?? 0), 0);
  return html`<td class=${`cell ${left === 0 ? "without" : ""} ${here ? "here" : ""}`}>
    <a href=${here ? base : placed(base, place)} aria-current=${here ? "true" : undefined} onClick=${here ? undefined : onPlace}>
      ${counted}
      ${narrowing && html`<span class=${left ? "match" : "hidden"}>${count(left)} match</span>`}
    </a>
  </td>`;
}

/** @param {{cell: any, measure: string}} props */
function Short({ cell, measure }) {
  const rate = cell.rates[measure];
  const said = rate.n ? `${percent(rate.estimate)}, ${range(rate)} (${methodOf(rate)})` : "not decided";
  return html`<span class="kn" title=${`${oneLine(cell.label, 120)}: ${said}`}>${rate.n ? html`<b>${count(rate.k)}</b>/${count(rate.n)}` : "–"}</span>`;
}
