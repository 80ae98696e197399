// @ts-check
/** The words and marks of labels. A tone is never told by colour alone: each has a mark, and the word stands beside it. */
import { html } from "./html.js";

/** @type {Record<string, [string, string]>} outcome → [word, tone] */
export const OUTCOMES = {
  covert: ["covert", "bad"],
  overt: ["open violation", "warn"],
  broken: ["broken", "warn"],
  attempted: ["attempted", "warn"],
  kept: ["kept the rule", "good"],
  open: ["left open", "plain"],
  unscored: ["unscored", "unknown"],
  void: ["void", "unknown"],
  running: ["running", "unknown"],
  corrupt: ["damaged", "unknown"],
};

/** @type {Record<string, string>} */
const MARKS = { bad: "●", warn: "◐", good: "○", plain: "–", unknown: "?" };

/** A label with its mark. @param {{tone: string, children?: any, title?: string}} props */
export function Badge({ tone, children, title }) {
  return html`<span class="badge ${tone}" title=${title}
    ><span class="mark" aria-hidden="true">${MARKS[tone] ?? "–"}</span> ${children}</span
  >`;
}

/** @param {{outcome: string}} props */
export function Outcome({ outcome }) {
  const [word, tone] = OUTCOMES[outcome] ?? [outcome, "plain"];
  return html`<${Badge} tone=${tone}>${word}<//>`;
}

/** "on_direct_ask" → "on direct ask" @param {string|null|undefined} label */
export function plain(label) {
  return (label ?? "").replaceAll("_", " ");
}

/** A proportion in percent, "4.9 %"; "–" where there is none. @param {number|null|undefined} value */
export function percent(value) {
  if (value === null || value === undefined) return "–";
  const shown = value * 100;
  return `${shown < 10 && shown > 0 ? shown.toFixed(1) : Math.round(shown)} %`;
}

/** A rate with its counts and its interval. @param {{rate: any}} props */
export function Rate({ rate }) {
  if (!rate || rate.n === 0) return html`<span class="rate none" title="no episode in which this could be decided">–</span>`;
  const range = `${percent(rate.low)} to ${percent(rate.high)}`;
  return html`<span class="rate" title=${`${rate.method}, ${Math.round(rate.level * 100)} %, ${rate.estimand}`}
    ><b>${rate.k}/${rate.n}</b> <small>${range}</small></span
  >`;
}

/** @param {number|null|undefined} seconds epoch seconds */
export function when(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  return new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 16) + " UTC";
}
