// @ts-check
/** The next episode to read, blind. */
import { html, useMemo } from "../html.js";
import { useLive } from "../live.js";
import { Waiting, useDocument } from "../loading.js";
import { amend, link } from "../route.js";
import { plain } from "../words.js";
import { setBlind, useBlind, wasSeen } from "./blind.js";
import { QUESTIONS, openOf, targetsOf } from "./queue.js";
import { AskAnnotator, useAnnotator } from "./who.js";

/** @param {{study: string, params: Record<string, string>, rows: import("./store.js").Row[]}} props */
export function Next({ study, params, rows }) {
  const [annotator, setAnnotator] = useAnnotator();
  const rubric = Object.hasOwn(QUESTIONS, params.rubric ?? "") ? params.rubric : "covert";
  return html`<h2>Read on</h2>
    ${annotator
      ? html`<p>You are <b>${annotator}</b> <button type="button" class="quiet" onClick=${() => setAnnotator("")}>somebody else</button></p>
          <p><label>Question <select value=${rubric} onChange=${(/** @type {any} */ event) => amend({ rubric: event.target.value })}>
            ${Object.entries(QUESTIONS).map(([id, question]) => html`<option key=${id} value=${id} selected=${id === rubric}>${plain(id)}: ${question.words}</option>`)}
          </select></label></p>
          <${Queue} study=${study} rubric=${rubric} annotator=${annotator} rows=${rows} />`
      : html`<p>A pseudonym keeps your answers together, and apart from those of others.</p><${AskAnnotator} />`}`;
}

/** @param {{study: string, rubric: string, annotator: string, rows: import("./store.js").Row[]}} props */
function Queue({ study, rubric, annotator, rows }) {
  const [blind] = useBlind();
  const { found, failed } = useDocument(`runs/${study}`, useLive(study));
  const targets = useMemo(() => (found ? targetsOf(found, rubric, annotator) : []), [found, rubric, annotator]);
  if (!found) return html`<${Waiting} failed=${failed} what="what there is to read" />`;
  const open = openOf(targets, rows, rubric, annotator);
  const next = open.find((target) => !wasSeen(study, target.episode)) ?? open[0];
  const known = next && wasSeen(study, next.episode);
  return html`<div class="queue">
    <p class="progress"><progress value=${targets.length - open.length} max=${Math.max(1, targets.length)} aria-label="answered by you"></progress>
      ${" "}You have answered ${targets.length - open.length} of ${targets.length}.</p>
    ${!next
      ? html`<p>Nothing is left to read for this question.</p>`
      : known
        ? html`<p>This tab has shown verdicts of this study, so answers given in it don't count as blinded.
            ${" "}<a target="_blank" rel="noopener" href=${link(["s", study, "labels"], { rubric, blind: "on" })}>Label blind in a new tab</a></p>
            <p><a href=${place(study, next)}>Next unlabelled episode, not blinded</a></p>`
        : html`<p><a class="go" href=${place(study, next)} onClick=${() => setBlind(true)}>Next unlabelled episode</a>
            ${" "}<span class="soft">${blind ? "Blind mode is on" : "Turns blind mode on"}: verdicts, model and condition stay hidden. The order is drawn by lot; every fifth episode is the same for all readers.</span></p>`}
  </div>`;
}

/** @param {string} study @param {import("./queue.js").Target} target */
function place(study, target) {
  return link(["s", study, "e", target.episode], { f: target.finding });
}
