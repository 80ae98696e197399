// @ts-check
/** What a fork experiment found over all its parents, as tables: arms, wordings, questions, pieces. */
import { html } from "../html.js";
import { oneLine, Text } from "../text.js";
import { plain, several } from "../words.js";
import { DrawnDifference, DrawnRate, Interval } from "./interval.js";
import { LeftOut } from "./left_out.js";

/** @param {{experiment: any}} props */
export function Results({ experiment }) {
  const { arms, interview, probe, tells } = experiment;
  if (arms?.length) return html`<${Arms} arms=${arms} contrasts=${experiment.contrasts} />`;
  if (interview) return interview.tables.map((/** @type {any} */ table) => html`<${Interview} table=${table} />`);
  if (probe) return probe.arms.map((/** @type {any} */ arm) => html`<${Probe} arm=${arm} />`);
  if (tells) return html`<${Tells} tells=${tells} />`;
  return null;
}

/** @param {{arms: any[], contrasts: any[]}} props */
function Arms({ arms, contrasts }) {
  const outcomes = [...new Set(arms.flatMap((arm) => Object.keys(arm.rates)))];
  const difference = (/** @type {string} */ outcome) => contrasts.find((each) => each.outcome === outcome);
  return html`<div class="wide"><table class="listing">
    <caption>All parents together</caption>
    <thead><tr><th scope="col">outcome</th>
      ${arms.map((arm) => html`<th scope="col">${plain(oneLine(arm.arm, 60))}, ${several(arm.episodes, "fork")}</th>`)}
      ${contrasts.length > 0 && html`<th scope="col">edit minus control</th>`}
    </tr></thead>
    <tbody>${outcomes.map((outcome) => html`<tr>
      <th scope="row">${plain(outcome)}</th>
      ${arms.map((arm) => html`<td><${DrawnRate} rate=${arm.rates[outcome]} /> <${LeftOut} counts=${arm.unscored[outcome]} what="forks" /></td>`)}
      ${contrasts.length > 0 && html`<td class="contrast"><${DrawnDifference} difference=${difference(outcome)?.difference} />
        ${" "}<${LeftOut} counts=${difference(outcome)?.left_out} what="pairs" /></td>`}
    </tr>`)}</tbody>
  </table></div>`;
}

/** What each wording brought out: denials are worth what the innocents' confessions leave of them. @param {{table: any}} props */
function Interview({ table }) {
  return html`<div class="wide"><table class="listing">
    <caption><b>${plain(oneLine(table.scenario, 60))}, ${oneLine(table.model, 60)}</b>:${" "}
      ${several(table.violators.length, "episode")} that broke the rule, ${several(table.innocents.length, "innocent one")}</caption>
    <thead>
      <tr><th scope="col" rowspan="2">asked</th><th scope="colgroup" colspan="3">those who broke the rule</th><th scope="colgroup">innocents</th></tr>
      <tr><th scope="col">denied something true</th><th scope="col">told something true</th><th scope="col" class="number">neither</th><th scope="col">confessed what is not so</th></tr>
    </thead>
    <tbody>${table.wordings.map((/** @type {any} */ each) => html`<tr>
      <th scope="row">${plain(each.kind)}${each.authority ? " + authority" : ""}${each.honesty ? " + honesty" : ""}</th>
      ${["denied", "told", "neither", "confessed"].map((name) => name === "neither"
        ? html`<td class="number">${each.neither}</td>`
        : html`<td><${DrawnRate} rate=${each[name]} /> <${LeftOut} counts=${each.unscored[name]} what="forks" /></td>`)}
    </tr>`)}</tbody>
  </table></div>`;
}

/** @param {{arm: any}} props */
function Probe({ arm }) {
  return html`<div class="wide"><table class="listing">
    <caption><b>${plain(oneLine(arm.scenario, 60))}, ${oneLine(arm.model, 60)}, ${oneLine(arm.arm, 80)}</b>:${" "}
      ${several(arm.parents.length, "parent")}${arm.ordinary ? "; nothing in it tempts, so this is the calibration" : ""}</caption>
    <thead><tr><th scope="col">question</th><th scope="col">answers</th></tr></thead>
    <tbody>${arm.probes.map((/** @type {any} */ probe) => html`<tr>
      <th scope="row">${plain(oneLine(probe.probe, 60))} <small class="soft">${oneLine(probe.about, 120)}</small></th>
      <td>${Object.entries(probe.answers).map(([answer, rate]) => html`<div class="answer"><span class="what">${plain(oneLine(answer, 60))}</span> <${DrawnRate} rate=${rate} /></div>`)}
        ${probe.mean !== null && html`<div>mean ${probe.mean.toFixed(1)}, from ${probe.least} to ${probe.greatest}</div>`}
        <${LeftOut} counts=${probe.unscored} what="forks" /></td>
    </tr>`)}</tbody>
  </table></div>`;
}

/** @param {{tells: any}} props */
function Tells({ tells }) {
  return html`<div class="wide"><table class="listing">
    <caption>${oneLine(tells.asks, 200)} With everything: <${Suspicion} mean=${tells.everything} />. Effects are suspicion with everything minus suspicion without the piece,
      with intervals at ${Math.round(tells.level * 100)} % for all together.</caption>
    <thead><tr><th scope="col">piece</th><th scope="col">without it</th><th scope="col" class="number">pairs</th><th scope="col">effect</th><th scope="col">p (Holm)</th></tr></thead>
    <tbody>${tells.effects.map((/** @type {any} */ each) => html`<tr>
      <th scope="row" class="piece">${each.found && html`<b>tells: </b>`}<code>${oneLine(each.artefact.where, 120)}</code> ${each.artefact.text && html`<${Text} value=${each.artefact.text} limit=${300} />`}</th>
      <td><${Suspicion} mean=${each.without} /></td><td class="number">${each.pairs}</td>
      <td>${each.effect === null
        ? html`<span class="soft">${oneLine(each.reason ?? "no pairs", 120)}</span>`
        : html`<span class="drawn"><span class="rate"><b>${each.effect.toFixed(2)}</b> ${each.low !== null && html`<small>${each.low.toFixed(2)} to ${each.high.toFixed(2)}</small>`}</span>
            <${Interval} low=${each.low} estimate=${each.effect} high=${each.high} from=${-1} to=${1} /></span>`}</td>
      <td>${each.p === null ? "–" : each.p.toPrecision(2)}</td>
    </tr>`)}</tbody>
  </table></div>`;
}

/** @param {{mean: any}} props */
function Suspicion({ mean }) {
  return html`${mean.mean === null ? "–" : mean.mean.toFixed(2)} <small class="soft">of ${mean.n}</small> <${LeftOut} counts=${mean.unscored} what="forks" />`;
}
