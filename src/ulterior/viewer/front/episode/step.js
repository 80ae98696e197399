// @ts-check
/** One step with everything in it. Drawn anew only when something about it changes. */
import { html, useMemo } from "../html.js";
import { oneLine } from "../text.js";
import { Call } from "./call.js";
import { ForkPoint } from "./forkpoint.js";
import { End, Happening, Identity, Message } from "./injected.js";
import { Report } from "./report.js";
import { Turn } from "./turn.js";
import { Witnesses } from "./witnesses.js";

/** @typedef {import("./record.js").Record_} Record_ */

/** @param {{record: Record_, step: any, marks: import("./marks.js").StepMarks, ev: number, blind: boolean, onPick: (seq: number) => void}} props */
export function Step({ record, step, marks, ev, blind, onPick }) {
  return useMemo(() => {
    const events = record.events.slice(indexOf(record, step.first), indexOf(record, step.last) + 1);
    const current = ev >= 0;
    const name = `step ${step.n + 1}: ${oneLine(step.title, 100)}`;
    return html`<article class="step ${step.kind} ${current ? "current" : ""}" aria-label=${name} data-step=${step.n} data-first=${step.first}>
      <${Heading} step=${step} current=${current} onPick=${onPick} />
      <${Body} record=${record} step=${step} events=${events} marks=${marks} ev=${ev} blind=${blind} />
      ${!blind && html`<${ForkPoint} record=${record} step=${step} />`}
    </article>`;
  }, [record, marks.sign, ev, blind, onPick]);
}

/** Where an event stands in the list. @param {Record_} record @param {number} seq */
function indexOf(record, seq) {
  return record.events[seq]?.seq === seq ? seq : record.events.findIndex((event) => event.seq === seq);
}

/** @type {Record<string, string>} */
const KINDS = { setup: "before the work", outside: "from outside", end: "the end" };

/** @param {{step: any, current: boolean, onPick: (seq: number) => void}} props */
function Heading({ step, current, onPick }) {
  const kind = step.kind === "turn" ? `turn ${step.turn}${step.purpose === "work" ? "" : `, ${step.purpose}`}` : KINDS[step.kind];
  return html`<div class="step-head">
    <h3>
      <button type="button" class="step-number" aria-current=${current ? "step" : null} onClick=${() => onPick(step.first)}>step ${step.n + 1}</button>
      ${" "}<span class="step-title" dir="auto">${oneLine(step.title, 160)}</span>
    </h3>
    <span class="soft">${kind}</span>
    ${step.witnesses.length > 0 && html`<${Witnesses} witnesses=${step.witnesses} />`}
  </div>`;
}

/** @param {{record: Record_, step: any, events: any[], marks: import("./marks.js").StepMarks, ev: number, blind: boolean}} props */
function Body({ record, step, events, marks, ev, blind }) {
  const turn = events.find((event) => event.kind === "model");
  const own = new Set(turn?.blocks.filter((/** @type {any} */ b) => b.type === "tool_call").map((/** @type {any} */ b) => b.id));
  const edit = events.findIndex((event) => event.kind === "world" && event.cause.startsWith("edit:"));
  return html`
    ${turn && html`<${Turn} record=${record} step=${step} turn=${turn} events=${events} marks=${marks} ev=${ev} />`}
    ${events.map((event, place) => {
      if (event.kind === "episode") return html`<${Identity} event=${event} blind=${blind} />`;
      if (event.kind === "message") return html`<${Message} event=${event} put=${edit >= 0 && edit < place} ev=${ev} marks=${marks} />`;
      if (event.kind === "world" && !own.has(event.cause)) return html`<${Happening} event=${event} ev=${ev} marks=${marks} />`;
      if (event.kind === "end") return html`<${End} event=${event} ev=${ev} marks=${marks} />`;
      if (event.kind === "report" && !turn) return html`<${Report} report=${event} marks=${marks} ev=${ev} />`;
      if (event.kind === "result" && !own.has(event.call)) return html`<${Stray} record=${record} event=${event} marks=${marks} ev=${ev} />`;
      return null;
    })}
  `;
}

/** A result whose call stands in no turn of this step. @param {{record: Record_, event: any, marks: import("./marks.js").StepMarks, ev: number}} props */
function Stray({ record, event, marks, ev }) {
  const block = { id: event.call, name: event.tool, arguments: record.intents.get(event.call)?.arguments ?? null, raw: "" };
  return html`<${Call} record=${record} turn=${event} place=${-1} block=${block} marks=${marks} ev=${ev} />`;
}
