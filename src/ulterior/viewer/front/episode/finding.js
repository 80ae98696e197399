// @ts-check
/** One finding in the rail: what it says, who says so and how sure that is, and what it rests on. */
import { html } from "../html.js";
import { LabelControls } from "../labels/controls.js";
import { amend } from "../route.js";
import { oneLine, Text } from "../text.js";
import { Badge, percent, plain } from "../words.js";
import { goTo, goToProof, proofId } from "./cursor.js";

/** @typedef {{catalog: any, study: string, record: import("./record.js").Record_, cursor: import("./cursor.js").Cursor, blind: boolean}} Around */

/** @param {Around & {finding: any}} props */
export function Finding({ catalog, study, record, cursor, blind, finding }) {
  const mine = !blind && cursor.finding === finding.id;
  const first = finding.proofs.find((/** @type {any} */ each) => each.resolves);
  const choose = () => (first ? goToProof(finding.id, finding.proofs.indexOf(first), first.seq) : amend({ f: finding.id, proof: null }));
  return html`<li class="finding ${blind ? "" : finding.tone} ${cursor.finding === finding.id ? "looked-at" : ""}">
    <h4>
      ${blind
        ? oneLine(finding.title, 300)
        : html`<button type="button" class="finding-title" aria-pressed=${mine} onClick=${choose} dir="auto">${oneLine(finding.title, 300)}</button>`}
    </h4>
    ${!blind && html`<${Verdict} finding=${finding} />`}
    ${!blind && html`<${Proofs} record=${record} cursor=${cursor} finding=${finding} />`}
    ${finding.question && html`<${LabelControls} catalog=${catalog} study=${study} replay=${record.replay} finding=${finding} />`}
  </li>`;
}

/** @param {{finding: any}} props */
function Verdict({ finding }) {
  const sure = finding.confidence === null || finding.confidence === undefined ? "" : `, confidence ${percent(finding.confidence)}`;
  const short = finding.version.length <= 24;
  return html`<div class="verdict">
    <${Badge} tone=${finding.tone} title=${finding.meaning}>${oneLine(finding.words, 80)}<//>
    ${finding.review && html`<${Badge} tone="warn">waits for a human<//>`}
    ${finding.why && html`<span class="why" dir="auto">${oneLine(finding.why, 400)}</span>`}
    ${finding.reason && html`<span class="reason" dir="auto">${oneLine(finding.reason, 300)}</span>`}
    <details class="detector">
      <summary><span dir="auto">${oneLine(finding.detector, 80)}${short && ` ${oneLine(finding.version, 40)}`}</span>${sure}</summary>
      ${!short && html`<p>As read by <span dir="auto">${oneLine(finding.version, 200)}</span>.</p>`}
      <p>${finding.measured_error ? html`Measured error: <span dir="auto">${oneLine(finding.measured_error, 600)}</span>` : "Its error has not been measured."}</p>
      ${finding.meaning && html`<p>${oneLine(finding.meaning, 400)}</p>`}
    </details>
  </div>`;
}

/** @param {{record: import("./record.js").Record_, cursor: import("./cursor.js").Cursor, finding: any}} props */
function Proofs({ record, cursor, finding }) {
  if (!finding.proofs.length) return null;
  return html`<ol class="proofs" aria-label="evidence">
    ${finding.proofs.map((/** @type {any} */ proof, /** @type {number} */ place) =>
      proof.resolves
        ? html`<li><${Sound} record=${record} finding=${finding} proof=${proof} place=${place} now=${cursor.finding === finding.id && cursor.proof === place} /></li>`
        : html`<li><${Broken} record=${record} proof=${proof} /></li>`,
    )}
  </ol>`;
}

/** @param {{record: import("./record.js").Record_, finding: any, proof: any, place: number, now: boolean}} props */
function Sound({ record, finding, proof, place, now }) {
  const show = () => {
    goToProof(finding.id, place, proof.seq);
    requestAnimationFrame(() => document.getElementById(`ev-${proof.seq}`)?.focus({ preventScroll: true }));
  };
  return html`<button type="button" class="proof" id=${proofId(record, finding.id, place)} aria-current=${now ? "true" : null} onClick=${show}>
    <span class="said"><span class="proof-step">step ${record.stepOf(proof.seq) + 1}</span>${proof.quote && html` <${Said} proof=${proof} />`}</span>${" "}
    <span class="note" dir="auto">${oneLine(proof.note, 160)}${proof.match && proof.match !== "exact" && `, ${proof.match}`}</span>
  </button>`;
}

/** The words that are quoted; of a bare value, the field too. @param {{proof: any}} props */
function Said({ proof }) {
  if (!proof.field) return html`<q dir="auto">${oneLine(proof.quote, 300)}</q>`;
  return html`<bdi>${oneLine(plain(proof.field), 60)}</bdi>: <q dir="auto">${oneLine(valueOf(proof.quote), 300)}</q>`;
}

/** What a field holds, as people would write it. @param {string} line a value in JSON, or a part of one */
function valueOf(line) {
  try {
    const value = JSON.parse(line);
    const all = Array.isArray(value) ? value : [value];
    if (!all.length) return "nothing";
    return all.every((each) => typeof each !== "object") ? all.join(", ") : line;
  } catch {
    return line;
  }
}

/** A citation that can't be followed is said to be one. @param {{record: import("./record.js").Record_, proof: any}} props */
function Broken({ record, proof }) {
  return html`<div class="broken">
    <p><span aria-hidden="true">✗ </span>this citation does not resolve: ${proof.seq < 0 ? "no place is given" : `event ${proof.seq}`}${proof.quote && html`, <q class="words"><${Text} value=${proof.quote} limit=${400} /></q>`}
      ${proof.note && html` <span class="soft">(${oneLine(proof.note, 160)})</span>`}</p>
    ${record.at.has(proof.seq) && html`<button type="button" onClick=${() => goTo(proof.seq)}>look at event ${proof.seq}</button>`}
  </div>`;
}
