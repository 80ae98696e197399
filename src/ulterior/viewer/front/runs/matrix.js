// @ts-check
/** Scenarios and their conditions against models. A cell's rate is the one of the whole cell, as Python counted it. */
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { amend } from "../route.js";
import { brokenAtSlashes, oneLine, visible } from "../text.js";
import { MEASURES, plain, several } from "../words.js";
import { everywhere, isPlace } from "./address.js";
import { FoldedCells, MatrixCell } from "./cell.js";
import { foldingOf } from "./folding.js";

/** In pixels: what the page leaves free on each side, the least for names, and a cell whose figures stand on one line. */
const EDGE = 17;
const NAMES = 360;
const CELL = 216;

/** @param {{runs: any, params: Record<string, string>, choice: import("./query.js").Choice, matching: Int32Array, onPlace: () => void}} props */
export function Matrix({ runs, params, choice, matching, onPlace }) {
  const measure = MEASURES.find(([name]) => name === params.m) ?? MEASURES[0];
  const narrowing = choice.text.trim() !== "" || Object.keys(choice.chosen).some((name) => !isPlace(name));
  const filtering = narrowing || Object.keys(choice.chosen).length > 0;
  const narrow = filtering && params.narrow === "1";
  const [box, width, wider] = useRoom();
  const groups = useMemo(() => scenariosIn(runs), [runs]);
  const scenarios = groups.filter(({ rows }) => !narrow || rows.some((row) => row.cells.some((at) => (matching[at ?? -1] ?? 0) > 0)));
  if (groups.length === 0) return null;
  const models = runs.models.filter((/** @type {string} */ model) => !narrow || runs.cells.some((/** @type {any} */ cell, /** @type {number} */ at) => cell.model === model && matching[at]));
  const folding = foldingOf(params, scenarios);
  const shared = { runs, base: everywhere(runs.study.key, params), choice, matching, narrowing, measure, onPlace };
  return html`<section class="matrix" aria-labelledby="matrix">
    <div class="tools">
      <h2 id="matrix">Rates</h2>
      <${MeasureSwitch} chosen=${measure} />
      <span class="spring"></span>
      ${filtering &&
      html`<label><input type="checkbox" checked=${narrow} onChange=${() => amend({ narrow: narrow ? null : 1 })} /> only what matches</label>`}
      <button type="button" class="quiet" onClick=${() => amend(folding.all(!folding.anyFolded))}>${folding.anyFolded ? "unfold all" : "fold all"}</button>
    </div>
    <div class="box" ref=${box} tabindex="0" role="region" aria-label="Rates by scenario, condition and model">
      <table class=${NAMES + models.length * CELL > width ? "many" : ""}>
        <thead>
          <tr><th scope="col">scenario</th><th scope="col">condition</th>${models.map((/** @type {string} */ model) => html`<th scope="col">${brokenAtSlashes(oneLine(model, 80))}</th>`)}</tr>
        </thead>
        ${scenarios.map((scenario) => html`<${ScenarioRows} key=${scenario.name} ...${shared} scenario=${scenario} models=${models} folding=${folding} />`)}
      </table>
    </div>
    <p class="note">
      ${measure?.[1]}: ${measure?.[2]}. k of n episodes in which it could be decided, with the interval of the cell's rate.
      ${wider && html` <b>There is more to the right: scroll the table sideways.</b>`}
      ${narrowing && html` <b>Rates are of whole cells, whatever is filtered; “match” counts the episodes that are left; pale cells have none.</b>`}
    </p>
  </section>`;
}

/** The room that a box has, and whether what scrolls in it takes more. @returns {[any, number, boolean]} */
function useRoom() {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const [[width, wider], setRoom] = useState([innerWidth - 2 * EDGE, false]);
  useEffect(() => {
    const seen = box.current;
    if (!seen) return;
    const watcher = new ResizeObserver(() => setRoom([seen.clientWidth, seen.scrollWidth > seen.clientWidth + 1]));
    for (const each of [seen, ...seen.children]) watcher.observe(each);
    return () => watcher.disconnect();
  }, []);
  return [box, width, wider];
}

/** @typedef {{label: string, purpose: string|null, cells: (number|undefined)[], byModel: Map<string, number>}} ConditionRow */
/** @typedef {{name: string, rows: ConditionRow[]}} ScenarioGroup */

/** The cells by scenario and condition, those that tempt first. @param {any} runs @returns {ScenarioGroup[]} */
function scenariosIn(runs) {
  /** @type {Map<string, Map<string, ConditionRow>>} */
  const groups = new Map(Object.keys(runs.scenarios).map((name) => [name, new Map()]));
  runs.cells.forEach((/** @type {any} */ cell, /** @type {number} */ at) => {
    const rows = groups.get(cell.scenario) ?? new Map();
    groups.set(cell.scenario, rows);
    const row = rows.get(cell.label) ?? { label: cell.label, purpose: cell.purpose, cells: [], byModel: new Map() };
    rows.set(cell.label, row);
    row.cells.push(at);
    row.byModel.set(cell.model, at);
  });
  const first = (/** @type {ConditionRow} */ row) => (row.purpose === "temptation" ? 0 : 1);
  return [...groups].map(([name, rows]) => ({ name, rows: [...rows.values()].sort((a, b) => first(a) - first(b)) }));
}

/** @param {{chosen: any}} props */
function MeasureSwitch({ chosen }) {
  return html`<div class="switch" role="group" aria-label="Measure">
    ${MEASURES.map(
      ([name, word, meaning]) => html`<button
        type="button" title=${meaning} aria-pressed=${String(name === chosen[0])}
        onClick=${() => amend({ m: name === "covert" ? null : name })}
      >${word}</button>`,
    )}
  </div>`;
}

/** @param {any} props */
function ScenarioRows({ scenario, models, folding, ...shared }) {
  const about = shared.runs.scenarios[scenario.name];
  const folded = folding.isFolded(scenario.name);
  const rows = folded ? [null] : scenario.rows;
  const only = shared.runs.cells.every((/** @type {any} */ cell) => cell.scenario === scenario.name);
  const head = html`<th scope="rowgroup" rowspan=${rows.length} title=${oneLine(about?.summary ?? "", 600)}>
    <button type="button" class="fold" aria-expanded=${String(!folded)} onClick=${() => amend(folding.toggled(scenario.name))}>
      <span aria-hidden="true">${folded ? "▸" : "▾"}</span> ${visible(oneLine(scenario.name, 60))}
    </button>
    ${!folded && (only || rows.length > 1) && about?.summary && html`<small class=${only ? "whole" : ""}>${visible(oneLine(about.summary, 600))}</small>`}
  </th>`;
  if (folded) {
    return html`<tbody>
      <tr class="folded">
        ${head}<td class="condition">${several(scenario.rows.length, "condition")}</td>
        ${models.map((/** @type {string} */ model) => html`<${FoldedCells} ...${shared} scenario=${scenario} model=${model} />`)}
      </tr>
    </tbody>`;
  }
  return html`<tbody>
    ${rows.map(
      (/** @type {ConditionRow} */ row, /** @type {number} */ at) => html`<tr>
        ${at === 0 && head}
        <th scope="row" class="condition"><span>${visible(oneLine(row.label, 120))}</span>${row.purpose && html` <small>${plain(row.purpose)}</small>`}</th>
        ${models.map((/** @type {string} */ model) => html`<${MatrixCell} ...${shared} at=${row.byModel.get(model)} />`)}
      </tr>`,
    )}
  </tbody>`;
}
