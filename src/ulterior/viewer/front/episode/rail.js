// @ts-check
/** The findings rail: everything that detectors say of the episode, in groups, with what it rests on. */
import { html } from "../html.js";
import { LabelledBy } from "../labels/controls.js";
import { amend } from "../route.js";
import { Finding } from "./finding.js";

/** @type {Record<string, string>} stage → heading; other stages stand behind these under their own name */
const GROUPS = {
  outcome: "Outcome",
  act: "What it did",
  disclosure: "What it told of it",
  intent: "What it thought of it",
  awareness: "What it took this for",
  judgement: "Judgements",
};

/** @param {import("./finding.js").Around} props */
export function Rail({ catalog, study, record, cursor, blind }) {
  const findings = /** @type {any[]} */ (record.replay.findings);
  const stages = [...new Set([...Object.keys(GROUPS), ...findings.map((each) => each.stage)])];
  return html`<aside class="rail" aria-label="Findings">
    <h2>Findings</h2>
    <${LabelledBy} catalog=${catalog} />
    ${blind
      ? html`<p class="soft">Blind: what detectors say is hidden.</p>`
      : html`<fieldset class="marking">
          <legend>mark</legend>
          <${Choice} now=${cursor.all} is=${false} words="this finding" /><${Choice} now=${cursor.all} is=${true} words="all" />
        </fieldset>`}
    ${stages.map((stage) => {
      const group = findings.filter((each) => each.stage === stage);
      if (!group.length) return null;
      return html`<section>
        <h3>${GROUPS[stage] ?? stage}</h3>
        <ul class="findings">
          ${group.map(
            (finding) => html`<${Finding} key=${finding.id} catalog=${catalog} study=${study} record=${record} cursor=${cursor} blind=${blind} finding=${finding} />`,
          )}
        </ul>
      </section>`;
    })}
  </aside>`;
}

/** @param {{now: boolean, is: boolean, words: string}} props */
function Choice({ now, is, words }) {
  return html`<label><input type="radio" name="marks" checked=${now === is} onChange=${() => amend({ marks: is ? "all" : null })} /> ${words}</label>`;
}
