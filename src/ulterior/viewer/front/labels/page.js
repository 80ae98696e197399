// @ts-check
/** The labels of a study: what to read next, how far people agree, and where they don't. */
import { html, useEffect } from "../html.js";
import { Waiting } from "../loading.js";
import { amend } from "../route.js";
import { oneLine } from "../text.js";
import { several } from "../words.js";
import { AgainstFindings } from "./against.js";
import { Heard } from "./agreement.js";
import { setBlind, useBlind } from "./blind.js";
import { Disagreements } from "./disagreements.js";
import { Next } from "./next.js";
import { fetchLabels, useLabels } from "./store.js";

/** @param {{catalog: any, study: string, params: Record<string, string>}} props */
export function LabelsPage({ catalog, study, params }) {
  const name = catalog.studies.find((/** @type {any} */ each) => each.key === study)?.name ?? study;
  return html`<section class="labels">
    <h1>Labels of ${oneLine(name, 80)}</h1>
    ${catalog.where === "server"
      ? html`<${Served} catalog=${catalog} study=${study} params=${params} />`
      : html`<p>Labels need a server to be written down: <code>ulterior view ${oneLine(name, 80)}</code> opens these pages with one. Exports hold no labels.</p>`}
  </section>`;
}

/** @param {{catalog: any, study: string, params: Record<string, string>}} props */
function Served({ catalog, study, params }) {
  const { view, failed } = useLabels(catalog, study);
  const [blind] = useBlind();
  useEffect(() => {
    fetchLabels(study); // agreement is counted there, and others may have labelled since
    if (params.blind !== "on") return;
    setBlind(true);
    amend({ blind: null });
  }, [study, params.blind]);
  if (!view) return html`<${Waiting} failed=${failed} what="the labels" />`;
  return html`
    <${Next} study=${study} params=${params} rows=${view.rows} />
    <${Heard} view=${view} />
    ${!blind && html`<${Disagreements} study=${study} rows=${view.rows} /><${AgainstFindings} study=${study} rows=${view.rows} />`}
    ${view.damaged.length > 0 && html`<p role="alert">${several(view.damaged.length, "line")} of <code>labels/labels.jsonl</code> can't be read (line ${view.damaged.join(", ")}).</p>`}
    <h2>Where they go</h2>
    <p class="prose">Every answer is one more line of <code>labels/labels.jsonl</code> in the study; nothing is changed or deleted, and each reader's latest answer
      counts. They are labels like those of <code>ulterior label</code>: <code>ulterior label status</code> counts blinded ones for every queue that
      holds the same question. A rate that is to be corrected by labels needs such a queue, because it is drawn at random with known
      probabilities. Labels that are given here where somebody happens to look are no such sample: they tell how far people and detectors agree
      on what was read.</p>
  `;
}
