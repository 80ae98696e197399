// @ts-check
/** A scan: how often forks that leave at each step come to the outcome, as a drawing and as a table. */
import { html } from "../html.js";
import { percent, plain } from "../words.js";
import { DrawnRate } from "./interval.js";

const WIDTH = 760;
const HEIGHT = 190;
const LEFT = 44;
const BOTTOM = 34;
const TOP = 10;

/** @param {{experiment: any, outcome: string}} props */
export function Scan({ experiment, outcome }) {
  const steps = experiment.branches;
  const commit = experiment.commits?.[outcome] ?? (outcome === "violated" ? experiment.commit : null);
  return html`<figure class="scan">
    <${Drawing} steps=${steps} outcome=${outcome} commit=${commit} />
    <figcaption>Forks that leave before each turn, and how many of them come to <b>${plain(outcome)}</b>, with intervals. ${said(commit)}</figcaption>
    <details>
      <summary>The same as a table</summary>
      <table class="listing">
        <caption class="hidden">${plain(outcome)} by the turn before which forks leave</caption>
        <thead><tr><th scope="col">before turn</th><th scope="col">behind event</th><th scope="col">${plain(outcome)}</th></tr></thead>
        <tbody>${steps.map((/** @type {any} */ step) => html`<tr key=${`${step.parent} ${step.at}`}><th scope="row">${step.turn}</th><td>${step.at}</td><td><${DrawnRate} rate=${step.rates[outcome]} /></td></tr>`)}</tbody>
      </table>
    </details>
  </figure>`;
}

/** @param {any} commit */
function said(commit) {
  if (!commit || commit.first_turn === null) return "There are too few steps to look for a jump.";
  const turns = commit.first_turn === commit.last_turn ? `turn ${commit.first_turn}` : `turns ${commit.first_turn} to ${commit.last_turn}`;
  const jump = `from ${percent(commit.before)} to ${percent(commit.after)}, permutation p ${commit.p.toPrecision(2)} (${commit.test})`;
  return commit.found ? `The commit step lies in ${turns}: ${jump}.` : `No jump is supported; the best candidate is ${turns}, ${jump}.`;
}

/** @param {{steps: any[], outcome: string, commit: any}} props */
function Drawing({ steps, outcome, commit }) {
  const turns = steps.map((step) => step.turn);
  const [first, last] = [Math.min(...turns), Math.max(...turns)];
  /** @param {number} turn */
  const x = (turn) => LEFT + 14 + ((WIDTH - LEFT - 28) * (turn - first)) / Math.max(1, last - first);
  /** @param {number} share */
  const y = (share) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - share);
  const known = steps.filter((step) => step.rates[outcome]?.n);
  const line = known.map((step) => `${x(step.turn)},${y(step.rates[outcome].estimate)}`).join(" ");
  const every = Math.ceil((last - first + 1) / 24);
  return html`<svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${`${plain(outcome)} by turn; the same numbers stand in the table below`}>
    ${[0, 0.5, 1].map((share) => html`<g><line class="grid" x1=${LEFT} x2=${WIDTH} y1=${y(share)} y2=${y(share)} />
      <text x=${LEFT - 6} y=${y(share) + 4} text-anchor="end">${Math.round(share * 100)} %</text></g>`)}
    ${commit?.found && html`<g class="commit"><rect x=${x(commit.first_turn)} width=${Math.max(3, x(commit.last_turn + 1) - x(commit.first_turn))} y=${TOP} height=${HEIGHT - TOP - BOTTOM} />
      <text x=${x(commit.first_turn) + 4} y=${TOP + 12}>commit step</text></g>`}
    <polyline class="course" points=${line} />
    ${known.map((step) => {
      const { low, high, estimate } = step.rates[outcome];
      return html`<g><line class="range" x1=${x(step.turn)} x2=${x(step.turn)} y1=${y(high)} y2=${y(low)} /><circle cx=${x(step.turn)} cy=${y(estimate)} r="3.5" /></g>`;
    })}
    ${turns.filter((turn) => (turn - first) % every === 0).map((turn) => html`<text x=${x(turn)} y=${HEIGHT - BOTTOM + 16} text-anchor="middle">${turn}</text>`)}
    <text x=${(LEFT + WIDTH) / 2} y=${HEIGHT - 3} text-anchor="middle">before turn</text>
  </svg>`;
}
