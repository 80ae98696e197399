// @ts-check
/** One turn of the model in three lanes: what it thought, what it did, what it told people. */
import { html } from "../html.js";
import { oneLine, Text, lengthOfLines } from "../text.js";
import { Badge, plain } from "../words.js";
import { Call } from "./call.js";
import { keyOf } from "./marks.js";
import { Report } from "./report.js";

/** @typedef {{record: import("./record.js").Record_, step: any, turn: any, events: any[], marks: import("./marks.js").StepMarks, ev: number}} Shown */

/** @param {Shown} props */
export function Turn({ record, step, turn, events, marks, ev }) {
  const reports = events.filter((event) => event.kind === "report");
  const cited = marks.events.get(turn.seq);
  const calls = turn.blocks.some((/** @type {any} */ block) => block.type === "tool_call");
  const classes = `lanes ${calls ? "" : "speaks"} ${reports.length ? "" : "untold"} ${ev === turn.seq ? "here" : ""} ${cited ? `cited ${cited.tone} ${cited.current ? "current" : ""}` : ""}`;
  return html`<div class=${classes} id=${`ev-${turn.seq}`} tabindex="-1">
    <div class="lane thinks" role="group" aria-label="private reasoning"><${Thoughts} turn=${turn} marks=${marks} /></div>
    <div class="lane acts" role="group" aria-label="action">
      <${Actions} record=${record} step=${step} turn=${turn} reports=${reports} marks=${marks} ev=${ev} />
    </div>
    <div class="lane tells" role="group" aria-label="what it told people">
      ${reports.map((report) => html`<${Report} report=${report} marks=${marks} ev=${ev} />`)}
    </div>
  </div>`;
}

/** @type {Record<string, string>} what is said where there are no words */
const SILENT = {
  hidden: "it reasoned; no words of it came back",
  absent: "no reasoning came back",
};

/** @param {{turn: any, marks: import("./marks.js").StepMarks}} props */
function Thoughts({ turn, marks }) {
  const thoughts = turn.blocks
    .map((/** @type {any} */ block, /** @type {number} */ place) => ({ block, place }))
    .filter((/** @type {any} */ each) => each.block.type === "reasoning");
  if (!thoughts.length) return html`<p class="silent">${SILENT[turn.reasoning] ?? SILENT.absent}</p>`;
  return thoughts.map((/** @type {any} */ { block, place }) =>
    block.text
      ? html`<p class="thought">
          ${block.visibility === "summary" && html`<span class="tag">the provider's summary</span> `}
          <${Text} value=${block.text} spans=${marks.texts.get(keyOf({ seq: turn.seq, block: place }))} limit=${lengthOfLines(block.text, 60)} />
        </p>`
      : html`<p class="silent">${SILENT[block.visibility] ?? SILENT.absent}</p>`,
  );
}

/** @param {Omit<Shown, "events"> & {reports: any[]}} props */
function Actions({ record, turn, reports, marks, ev }) {
  return html`
    ${turn.blocks.map((/** @type {any} */ block, /** @type {number} */ place) => {
      if (block.type === "tool_call") return html`<${Call} record=${record} turn=${turn} place=${place} block=${block} marks=${marks} ev=${ev} />`;
      if (block.type !== "text" || !block.text.trim() || reports.some((report) => report.text.includes(block.text))) return null;
      const spans = marks.texts.get(keyOf({ seq: turn.seq, block: place }));
      return html`<p class="says"><${Text} value=${block.text} spans=${spans} limit=${lengthOfLines(block.text, 60)} /></p>`;
    })}
    <${Stopped} turn=${turn} />
  `;
}

/** @type {Record<string, [string, string]>} */
const STOPS = {
  max_tokens: ["cut off: the turn's tokens were spent", "warn"],
  context_window: ["cut off: the context window was full", "warn"],
  refusal: ["the model declined", "warn"],
  policy_block: ["the provider blocked it", "warn"],
  other: ["stopped for another reason", "unknown"],
};

/** @param {{turn: any}} props */
function Stopped({ turn }) {
  const [words, tone] = STOPS[turn.stop] ?? [];
  const again = turn.attempts > 1 ? `${turn.attempts} requests` : "";
  if (!words && !again) return null;
  return html`<p class="stopped">
    ${words && html`<${Badge} tone=${tone}>${words}<//>`} ${turn.stop_detail && html`<bdi>${oneLine(plain(turn.stop_detail), 300)}</bdi>`}
    <span class="soft">${again}</span>
  </p>`;
}
