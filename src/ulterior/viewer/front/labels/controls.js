// @ts-check
/**
 * What somebody thinks of a finding: agree, disagree, unsure, a comment. In blind mode, where the finding says nothing, its
 * question is asked with all its answers. What others said is shown once one has answered.
 */
import { html, useEffect, useRef, useState } from "../html.js";
import { link, parse } from "../route.js";
import { oneLine } from "../text.js";
import { plain } from "../words.js";
import { isBlind, useVeil, wasSeen } from "./blind.js";
import { giveLabel, sameTarget, useLabels } from "./store.js";
import { Answers } from "./answers.js";
import { AskAnnotator, useAnnotator } from "./who.js";

/** @typedef {import("./store.js").Row} Row */

/** Under a finding of the rail that has a question. Keys y, x, u, c work while the focus is in the list item, or the
 * element with `data-finding`, around it; the episode page hears them for its current finding. @param {{catalog: any, study: string, replay: any, finding: any}} props */
export function LabelControls({ catalog, study, replay, finding }) {
  if (catalog.where !== "server" || !finding.question) return null;
  return html`<${Asked} catalog=${catalog} study=${study} episode=${replay.about.episode} question=${finding.question} id=${finding.id} />`;
}

/** Who labels here, and how to be somebody else; nothing where nobody can. @param {{catalog: any}} props */
export function LabelledBy({ catalog }) {
  const [annotator, setAnnotator] = useAnnotator();
  if (catalog.where !== "server" || !annotator) return null;
  return html`<p class="labelled-by soft">you label as <b><bdi>${oneLine(annotator, 40)}</bdi></b>
    ${" "}<button type="button" class="quiet" onClick=${() => setAnnotator("")}>change</button></p>`;
}

/** @param {{catalog: any, study: string, episode: string, question: any, id: string}} props */
function Asked({ catalog, study, episode, question, id }) {
  const root = useRef(/** @type {HTMLElement | null} */ (null));
  const [annotator] = useAnnotator();
  const { view, failed } = useLabels(catalog, study);
  const { hidden, reveal } = useVeil(study, episode);
  const [choosing, setChoosing] = useState(false);
  const [commenting, setCommenting] = useState(false);
  const [comment, setComment] = useState("");
  const [problem, setProblem] = useState("");
  const [unkept, setUnkept] = useState("");
  const [waiting, setWaiting] = useState("");
  const target = { episode, rubric: question.rubric, about: question.about ?? null };
  const rows = (view?.rows ?? []).filter((row) => sameTarget(row, target));
  const own = rows.find((row) => row.annotator === annotator && row.kind !== "adjudication");

  /** @param {string} label @param {string | null} [who] */
  const give = async (label, who = annotator) => {
    if (!who) return setWaiting(label); // it is given as soon as we know by whom
    setWaiting("");
    setProblem("");
    setUnkept("");
    setChoosing(false);
    const blinded = isBlind() && !wasSeen(study, episode);
    try {
      await giveLabel(study, { ...target, label, comment: comment || (own?.note ?? ""), annotator: who, blinded });
      setCommenting(false);
    } catch (error) {
      setProblem(String(/** @type {any} */ (error).message ?? error));
      setUnkept(label);
    }
  };
  const agree = () => (question.says && !hidden ? give(question.says) : setChoosing(true));
  useEffect(() => {
    // who comes from the queue is led to its question
    if (hidden && parse(location.hash).params.f === id) root.current?.scrollIntoView({ block: "nearest", behavior: "instant" });
  }, []);
  const startComment = () => {
    setComment(own?.note ?? "");
    setCommenting(true);
  };
  useFindingKeys(root, { y: agree, x: () => setChoosing(true), u: () => give("cannot_tell"), c: startComment });

  return html`<div class="label-controls" ref=${root}>
    <${Answers} question=${question} hidden=${hidden} choosing=${choosing} own=${own} agree=${agree} give=${give}
      choose=${() => setChoosing(!choosing)} comment=${startComment} />
    ${waiting && html`<${AskAnnotator} onNamed=${(/** @type {string} */ name) => give(waiting, name)} />`}
    ${commenting && html`<${Comment} value=${comment} set=${setComment} cancel=${() => setCommenting(false)} save=${own ? () => give(own.label) : null} />`}
    ${(problem || failed) && html`<p role="alert" class="problem">${problem || failed}</p>`}
    ${unkept && html`<p><button type="button" onClick=${() => give(unkept)}>give “${plain(oneLine(unkept, 60))}” again</button></p>`}
    <p role="status" class="said-so">${own && html`<${OwnAnswer} own=${own} question=${question} hidden=${hidden} />`}</p>
    ${own && html`<${Others} own=${own} rows=${rows.filter((row) => row !== own)} />`}
    ${own && hidden && html`<p><button type="button" class="quiet" title="Labels given to this episode afterwards don't count as blinded" onClick=${reveal}>show what detectors say</button>
      ${" "}<a href=${link(["s", study, "labels"], { rubric: question.rubric })}>next episode</a></p>`}
  </div>`;
}

/** @param {{value: string, set: (text: string) => void, cancel: () => void, save: (() => void) | null}} props */
function Comment({ value, set, cancel, save }) {
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useEffect(() => field.current?.focus(), []);
  return html`<div class="comment">
    <label>Comment <textarea ref=${field} rows="2" maxlength="10000" value=${value} onInput=${(/** @type {any} */ event) => set(event.target.value)}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && cancel()}></textarea></label>
    ${save ? html`<button type="button" onClick=${save}>Save the comment</button>` : html`<p class="soft">It is kept with your answer: choose one.</p>`}
    <button type="button" class="quiet" onClick=${cancel}>Cancel</button>
  </div>`;
}

/** @param {{own: Row, question: any, hidden: boolean}} props */
function OwnAnswer({ own, question, hidden }) {
  const how = hidden || question.says === null ? "" : own.label === question.says ? "agree: " : own.label === "cannot_tell" ? "" : "disagree: ";
  return html`You said <b>${how}${plain(oneLine(own.label, 60))}</b>${own.blinded ? " (blinded)" : ""}${own.note && html`: <q>${oneLine(own.note, 300)}</q>`}`;
}

/** How far others agree, and what they said. @param {{own: Row, rows: Row[]}} props */
function Others({ own, rows }) {
  const said = rows.filter((row) => row.kind !== "adjudication");
  if (rows.length === 0) return html`<p class="soft">Nobody else has said anything yet.</p>`;
  return html`${said.length > 0 && html`<p class="soft">${said.filter((row) => row.label === own.label).length} of ${said.length} ${said.length === 1 ? "other says" : "others say"} the same.</p>`}
  <ul class="others">${rows.map((row) => html`<li key=${row.annotator + (row.kind ?? "")}>
    ${oneLine(row.annotator, 40)}${row.kind === "adjudication" ? " decided" : ""}: <b>${plain(oneLine(row.label, 60))}</b>${row.blinded ? "" : " (not blinded)"}${row.note && html` <q>${oneLine(row.note, 300)}</q>`}
  </li>`)}</ul>`;
}

/** Keys of a finding, heard wherever the focus is within it. @param {{current: HTMLElement | null}} root @param {Record<string, () => void>} keys */
function useFindingKeys(root, keys) {
  useEffect(() => {
    const host = root.current?.closest("[data-finding], li") ?? root.current;
    /** @param {Event} event */
    const heard = (event) => {
      const { key, ctrlKey, metaKey, altKey, target } = /** @type {KeyboardEvent} */ (event);
      if (ctrlKey || metaKey || altKey || /** @type {HTMLElement} */ (target).closest("input, textarea, select")) return;
      if (!Object.hasOwn(keys, key)) return;
      event.preventDefault();
      event.stopPropagation();
      keys[key]();
    };
    host?.addEventListener("keydown", heard);
    return () => host?.removeEventListener("keydown", heard);
  });
}
