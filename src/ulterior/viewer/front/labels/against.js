// @ts-check
/** Where people and findings part: each labelled episode is looked at, when somebody asks for it. */
import { html, useState } from "../html.js";
import { load } from "../documents.js";
import { link } from "../route.js";
import { oneLine } from "../text.js";
import { plain, shortId } from "../words.js";

/** @typedef {import("./store.js").Row} Row */
/** @typedef {{row: Row, finding: any}} Apart */

/** @param {{study: string, rows: Row[]}} props */
export function AgainstFindings({ study, rows }) {
  const [state, setState] = useState(/** @type {{done: number, apart: Apart[] | null, unread: number}} */ ({ done: 0, apart: null, unread: 0 }));
  const ids = [...new Set(rows.map((row) => row.episode))];
  const look = async () => {
    /** @type {Apart[]} */
    const apart = [];
    let unread = 0;
    for (const [done, id] of ids.entries()) {
      setState({ done: done + 1, apart: null, unread });
      try {
        const replay = await load(`episode/${study}/${id}`);
        apart.push(...partedOn(replay, rows.filter((row) => row.episode === id)));
      } catch {
        unread += 1; // gone or damaged since: said below
      }
    }
    setState({ done: 0, apart, unread });
  };
  if (ids.length === 0) return null;
  return html`<h2>Answers that differ from the findings</h2>
    <p><button type="button" disabled=${state.done > 0} onClick=${look}>${state.apart ? "Look again" : "Look for them"}</button>
      ${" "}<span role="status" class="soft">${state.done > 0 ? `episode ${state.done} of ${ids.length} …` : state.apart ? `${state.apart.length} in ${ids.length} episodes` : `in ${ids.length} labelled ${ids.length === 1 ? "episode" : "episodes"}`}${
        state.unread > 0 ? `, ${state.unread} could not be read` : ""}</span></p>
    ${state.apart && state.apart.length > 0 && html`<table class="listing">
      <caption class="hidden">Answers that differ from the findings</caption>
      <thead><tr><th scope="col">episode</th><th scope="col">finding</th><th scope="col">the finding says</th><th scope="col">the reader says</th></tr></thead>
      <tbody>${state.apart.map(({ row, finding }, n) => html`<tr key=${n}>
        <th scope="row"><a href=${link(["s", study, "e", row.episode], { f: finding.id })}>${shortId(row.episode)}</a></th>
        <td>${oneLine(finding.title, 100)}</td><td>${plain(oneLine(finding.question.says, 60))}</td>
        <td>${oneLine(row.annotator, 40)}: ${plain(oneLine(row.label, 60))}${row.blinded ? "" : " (not blinded)"}${row.note && html` <q>${oneLine(row.note, 160)}</q>`}</td>
      </tr>`)}</tbody>
    </table>`}`;
}

/** @param {any} replay @param {Row[]} rows @returns {Apart[]} */
function partedOn(replay, rows) {
  return rows.flatMap((row) => {
    const finding = replay.findings.find(
      (/** @type {any} */ each) => each.stage !== "judgement" && each.question?.rubric === row.rubric && (each.question.about ?? null) === (row.about ?? null),
    );
    const says = finding?.question.says ?? null;
    return says !== null && row.label !== "cannot_tell" && row.label !== says ? [{ row, finding }] : [];
  });
}
