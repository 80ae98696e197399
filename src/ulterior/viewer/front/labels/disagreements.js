// @ts-check
/** What people disagree about and nobody has decided. */
import { html } from "../html.js";
import { link } from "../route.js";
import { oneLine } from "../text.js";
import { plain, shortId } from "../words.js";
import { QUESTIONS } from "./queue.js";

/** @typedef {import("./store.js").Row} Row */

/** @param {{study: string, rows: Row[]}} props */
export function Disagreements({ study, rows }) {
  const open = disagreements(rows);
  return html`<h2>Open disagreements</h2>
    ${open.length === 0
      ? html`<p>There are none.</p>`
      : html`<table class="listing">
          <caption class="hidden">What readers disagree about</caption>
          <thead><tr><th scope="col">episode</th><th scope="col">question</th><th scope="col">answers</th></tr></thead>
          <tbody>${open.map((said) => html`<tr key=${`${said[0].episode} ${said[0].rubric} ${said[0].about}`}>
            <th scope="row"><a href=${link(["s", study, "e", said[0].episode], { f: findingOf(said[0]) })}>${shortId(said[0].episode)}</a></th>
            <td>${plain(said[0].rubric)}${said[0].about ? `, ${plain(oneLine(said[0].about, 60))}` : ""}</td>
            <td>${said.map((row) => `${oneLine(row.annotator, 40)}: ${plain(oneLine(row.label, 60))}`).join("; ")}</td>
          </tr>`)}</tbody>
        </table>
        <p class="soft"><code>ulterior label export --disagreements</code> and <code>ulterior label adjudicate</code> let somebody who has not labelled them decide.</p>`}`;
}

/** @param {Row} row */
function findingOf(row) {
  const finding = QUESTIONS[row.rubric]?.finding;
  return finding && row.about ? `${finding}.${row.about}` : finding;
}

/** Answers to one question that differ, where nobody has decided. @param {Row[]} rows @returns {Row[][]} */
function disagreements(rows) {
  const targets = Map.groupBy(rows, (row) => `${row.episode} ${row.rubric} ${row.rubric_version} ${row.about ?? ""}`);
  return [...targets.values()].filter((said) => said.every((row) => row.kind !== "adjudication") && new Set(said.map((row) => row.label)).size > 1);
}
