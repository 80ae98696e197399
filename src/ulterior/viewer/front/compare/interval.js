// @ts-check
/** Intervals as small drawings; the numbers always stand beside them. */
import { html } from "../html.js";
import { Rate, percent } from "../words.js";

const WIDTH = 96;
const HEIGHT = 12;

/** From `from` to `to`: the interval as a line, the estimate as a tick, zero as a rule.
 * @param {{low: number | null, estimate: number | null, high: number | null, from?: number, to?: number}} props */
export function Interval({ low, estimate, high, from = 0, to = 1 }) {
  if (low === null || high === null || estimate === null) return null;
  /** @param {number} value */
  const x = (value) => 2 + ((WIDTH - 4) * (value - from)) / (to - from);
  return html`<svg class="interval" width=${WIDTH} height=${HEIGHT} viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
    <line class="frame" x1=${x(from)} x2=${x(to)} y1=${HEIGHT - 1} y2=${HEIGHT - 1} />
    ${from < 0 && html`<line class="frame" x1=${x(0)} x2=${x(0)} y1="0" y2=${HEIGHT} />`}
    <line class="range" x1=${x(low)} x2=${Math.max(x(high), x(low) + 1)} y1="6" y2="6" />
    <line class="mid" x1=${x(estimate)} x2=${x(estimate)} y1="1" y2="11" />
  </svg>`;
}

/** A rate as numbers with its drawing. @param {{rate: any}} props */
export function DrawnRate({ rate }) {
  return html`<span class="drawn"><${Rate} rate=${rate} /> ${rate && html`<${Interval} low=${rate.low} estimate=${rate.estimate} high=${rate.high} />`}</span>`;
}

/** A difference in points with its interval, its pairs and its test. @param {{difference: any, brief?: boolean}} props */
export function DrawnDifference({ difference, brief = false }) {
  if (!difference || difference.estimate === null) return html`<span class="rate none" title="no pair in which both could be decided">–</span>`;
  const { n, low, high, estimate, p, method, level, estimand } = difference;
  const title = `${method}, ${Math.round(level * 100)} %, ${estimand}${p === null ? "" : `; McNemar's exact p ${p.toPrecision(2)}`}`;
  return html`<span class="drawn" title=${title}><span class="rate"><b>${points(estimate)}</b> <small>${signed(low)} to ${signed(high)}${brief ? "" : `, ${n} ${n === 1 ? "pair" : "pairs"}`}${
    p === null ? "" : `, p ${p.toPrecision(2)}`}</small></span> <${Interval} low=${low} estimate=${estimate} high=${high} from=${-1} to=${1} /></span>`;
}

/** "+12 pp" @param {number | null} value a proportion in -1..1 */
function points(value) {
  return value === null ? "–" : `${signed(value)} pp`;
}

/** @param {number} value */
function signed(value) {
  const shown = percent(Math.abs(value)).replace(" %", "");
  return `${value < 0 ? "−" : value > 0 ? "+" : "±"}${shown}`;
}
