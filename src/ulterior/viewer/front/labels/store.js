// @ts-check
/** Labels as the server keeps them: read once for all who show them, given one at a time, never changed. */
import { useEffect, useState } from "../html.js";
import { credentials } from "../token.js";

/**
 * @typedef {{episode: string, rubric: string, rubric_version?: string, about: string | null, label: string, note: string,
 *   annotator: string, blinded: boolean, at: number, kind?: string, confidence?: number | null}} Row
 * @typedef {{annotators: string[], rows: Row[], agreement: any[], damaged: number[]}} LabelsView
 * @typedef {{episode: string, rubric: string, about: string | null, label: string, comment: string, annotator: string,
 *   blinded: boolean, confidence?: number}} NewLabel
 * @typedef {{view?: LabelsView, failed?: string}} Known
 */

/** @type {Map<string, Known>} */
const known = new Map();
/** @type {Map<string, Promise<void>>} */
const asked = new Map();
/** What was given on this page: an answer of the server's may be older. @type {Map<string, Row[]>} */
const given = new Map();
const changes = new EventTarget();

/** All labels of a study, followed; nothing is asked for without a server.
 * @param {any} catalog @param {string} study @returns {Known} */
export function useLabels(catalog, study) {
  const [state, setState] = useState(() => known.get(study) ?? {});
  const possible = catalog.where === "server";
  useEffect(() => {
    const heard = () => setState(known.get(study) ?? {});
    changes.addEventListener(study, heard);
    if (possible && !known.has(study)) fetchLabels(study);
    heard();
    return () => changes.removeEventListener(study, heard);
  }, [study, possible]);
  return state;
}

/** Ask the server for all labels of a study again. @param {string} study */
export function fetchLabels(study) {
  const going = asked.get(study);
  if (going) return going;
  const coming = answered(fetch(address(study), { headers: credentials() }))
    .then(
      (view) => remember(study, { view: (given.get(study) ?? []).reduce(withRow, view) }),
      (error) => remember(study, { ...known.get(study), failed: String(error.message ?? error) }),
    )
    .finally(() => asked.delete(study));
  asked.set(study, coming);
  return coming;
}

/** Give a label: the row that is stored now, which everybody on this page gets to see. Throws what the server says against it.
 * @param {string} study @param {NewLabel} label @returns {Promise<Row>} */
export async function giveLabel(study, label) {
  const row = await answered(
    fetch(address(study), {
      method: "POST",
      headers: { "content-type": "application/json", ...credentials() },
      body: JSON.stringify(label),
    }),
  );
  given.set(study, [...(given.get(study) ?? []), row]);
  const view = known.get(study)?.view;
  if (view) remember(study, { view: withRow(view, row) });
  else fetchLabels(study);
  return row;
}

/** A view with a row in the place of an older one of the same annotator's about the same. @param {LabelsView} view @param {Row} row */
function withRow(view, row) {
  const same = view.rows.filter((each) => each.annotator === row.annotator && each.kind !== "adjudication" && sameTarget(each, row));
  if (same.some((each) => each.at > row.at)) return view;
  return { ...view, rows: [...view.rows.filter((each) => !same.includes(each)), row] };
}

/** @param {{episode: string, rubric: string, about: string | null}} one @param {{episode: string, rubric: string, about: string | null}} other */
export function sameTarget(one, other) {
  return one.episode === other.episode && one.rubric === other.rubric && (one.about ?? null) === (other.about ?? null);
}

/** @param {Promise<Response>} going @returns {Promise<any>} */
async function answered(going) {
  const answer = await going;
  const found = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(found.error ?? found.what ?? `the server answers ${answer.status}`);
  return found;
}

/** @param {string} study @param {Known} what */
function remember(study, what) {
  known.set(study, what);
  changes.dispatchEvent(new Event(study));
}

/** @param {string} study */
function address(study) {
  return `labels/${encodeURIComponent(study)}`;
}
