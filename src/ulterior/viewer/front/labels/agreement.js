// @ts-check
/** How far people agree with each other, and detectors with people. */
import { html } from "../html.js";
import { oneLine } from "../text.js";
import { plain, several } from "../words.js";
import { QUESTIONS } from "./queue.js";

/** @param {{view: import("./store.js").LabelsView}} props */
export function Heard({ view }) {
  if (view.agreement.length === 0) return html`<h2>Agreement</h2><p>Nobody has answered anything yet.</p>`;
  return html`<h2>Agreement</h2>
    <div class="wide"><table class="listing heard">
      <caption>${several(view.annotators.length, "reader")}: ${view.annotators.map((name) => oneLine(name, 40)).join(", ")}</caption>
      <thead><tr><th scope="col">question</th><th scope="col">read</th><th scope="col">answers, blinded</th><th scope="col">people among themselves</th>
        <th scope="col">findings against people, all</th><th scope="col">blinded alone</th></tr></thead>
      <tbody>${view.agreement.map((rubric) => html`<tr key=${`${rubric.rubric} ${rubric.version}`}>
        <th scope="row"><b>${plain(rubric.rubric)}</b> <small class="soft">${QUESTIONS[rubric.rubric]?.words ?? ""}, version ${rubric.version}</small></th>
        <td class="number">${rubric.items}</td>
        <td class="number">${rubric.labels}, ${rubric.blinded}</td>
        <td><${Measured} agreement=${rubric.alpha} />${rubric.pairs.map((/** @type {any} */ pair) => html`<div class="soft">${pair.annotators.map((/** @type {string} */ name) => oneLine(name, 40)).join(" and ")}:
          the same ${pair.same} of ${pair.kappa.items} times, <${Measured} agreement=${pair.kappa} /></div>`)}</td>
        <td><${Against} against=${rubric.detector} /></td>
        <td><${Against} against=${rubric.detector_blinded} /></td>
      </tr>`)}</tbody>
    </table></div>
    <p class="soft prose">Alpha and kappa are 1 for perfect agreement and 0 for what chance makes of it, about these episodes. Only blinded answers count among people,
      because who has seen a verdict agrees with it more easily.</p>`;
}

/** @param {{agreement: any}} props */
function Measured({ agreement }) {
  const name = agreement.measure.startsWith("Cohen") ? "kappa" : "alpha";
  if (agreement.value === null) return html`<span class="soft">no ${name}: ${oneLine(agreement.reason ?? "there is nothing to measure", 120)}</span>`;
  const range = agreement.low === null ? "" : ` (${agreement.low.toFixed(2)} to ${agreement.high.toFixed(2)})`;
  return html`<span title=${`${agreement.measure}, ${agreement.method}, ${Math.round(agreement.level * 100)} %, ${agreement.estimand}`}>${name} <b>${agreement.value.toFixed(2)}</b>${range}, ${agreement.items} read by several${
    agreement.warnings.length ? html` <small class="soft">${oneLine(agreement.warnings.join("; "), 160)}</small>` : ""}</span>`;
}

/** @param {{against: any}} props */
function Against({ against }) {
  const { agree, disagree, unsure, silent, kappa } = against;
  if (agree + disagree + unsure + silent === 0) return html`<span class="soft">–</span>`;
  return html`<div>${agree} agree, <b>${disagree} disagree</b>, ${unsure} unsure${silent ? `, ${silent} where the findings say nothing` : ""}</div>
    <div>${kappa.value === null ? html`<span class="soft">no kappa: ${oneLine(kappa.reason ?? "", 120)}</span>` : html`kappa <b>${kappa.value.toFixed(2)}</b>${kappa.low === null ? "" : ` (${kappa.low.toFixed(2)} to ${kappa.high.toFixed(2)})`}`}</div>`;
}
