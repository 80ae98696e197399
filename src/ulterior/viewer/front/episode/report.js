// @ts-check
/** What the agent told somebody, with what is true of it. */
import { html } from "../html.js";
import { oneLine, Text } from "../text.js";
import { Badge, plain } from "../words.js";
import { CLAIM_TONES, keyOf } from "./marks.js";
import { Values } from "./values.js";

/** @param {{report: any, marks: import("./marks.js").StepMarks, ev: number}} props */
export function Report({ report, marks, ev }) {
  const spansOf = (/** @type {string} */ field) => marks.texts.get(keyOf({ seq: report.seq, field }));
  const cited = marks.events.get(report.seq);
  const fields = Object.fromEntries(
    Object.entries(report.fields).filter(([name, value]) => spansOf(name) || !said(report.text, value)),
  );
  const classes = `report ${ev === report.seq ? "here" : ""} ${cited ? `cited ${cited.tone} ${cited.current ? "current" : ""}` : ""}`;
  return html`<div class=${classes} id=${`ev-${report.seq}`} tabindex="-1" role="group" aria-label=${`told ${oneLine(report.to, 80)}`}>
    <p class="to">
      <span class="arrow" aria-hidden="true">→</span> <b><bdi>${oneLine(report.to, 120)}</bdi></b>
      ${" "}<span class="soft"><bdi>${oneLine(plain(report.channel), 40)}</bdi>${report.question && html`, asked: <bdi>${oneLine(report.question, 60)}</bdi>`}</span>
    </p>
    ${report.text && html`<p class="words"><${Text} value=${report.text} spans=${marks.texts.get(keyOf({ seq: report.seq }))} /></p>`}
    ${Object.keys(fields).length > 0 &&
    html`<${Values} values=${fields} spansOf=${spansOf} />`}
    <${Claims} claims=${marks.claims.get(report.seq)} />
  </div>`;
}

/** Whether the text says what a field holds. @param {string} text @param {any} value */
function said(text, value) {
  return typeof value === "string" && value !== "" && text.includes(value);
}

/** What this report claims of the facts of the case, as far as it stands at none of its words. @param {{claims: any[]|undefined}} props */
function Claims({ claims }) {
  if (!claims?.length) return null;
  const distinct = [...new Map(claims.map((claim) => [`${claim.verdict} ${claim.fact}`, claim])).values()];
  return html`<ul class="claims" aria-label="what this leaves out">
    ${distinct.map(
      (claim) => html`<li>
        <${Badge} tone=${CLAIM_TONES[claim.verdict] ?? "plain"}>${plain(claim.verdict)}<//> <span><bdi>${oneLine(claim.statement, 400)}</bdi></span>
      </li>`,
    )}
  </ul>`;
}
