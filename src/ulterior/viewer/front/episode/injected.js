// @ts-check
/** What the model did not write: the briefing, colleagues, scheduled events, questions, an experimenter's edits, the end. */
import { html } from "../html.js";
import { lengthOfLines, oneLine, Text } from "../text.js";
import { Badge, plain } from "../words.js";
import { Changes } from "./changes.js";

/** @type {Record<string, string>} origin of a message → what it is */
const ORIGINS = {
  briefing: "briefing",
  world: "news",
  harness: "technical request",
  debrief: "question after the work",
  interview: "question",
};

/** @param {{who: string, what: string, seq: number, ev: number, marks: import("./marks.js").StepMarks, children?: any}} props */
function Injected({ who, what, seq, ev, marks, children }) {
  const cited = marks.events.get(seq);
  const classes = `injected ${ev === seq ? "here" : ""} ${cited ? `cited ${cited.tone} ${cited.current ? "current" : ""}` : ""}`;
  return html`<div class=${classes} id=${`ev-${seq}`} tabindex="-1" role="group" aria-label=${`${who}: ${what}`}>
    <p class="whence"><span class="source">${who}</span> <span class="soft">${what}</span></p>
    ${children}
  </div>`;
}

/** `put`: an experimenter's edit brought it. @param {{event: any, put: boolean, ev: number, marks: import("./marks.js").StepMarks}} props */
export function Message({ event, put, ev, marks }) {
  const who = put ? "put by an experimenter" : event.origin === "harness" ? "from the machinery" : "from the scenario";
  const system = event.role === "system" ? "system prompt" : "";
  const author = event.author === "operator" || event.author === "world" ? "" : event.author;
  const kind = ORIGINS[event.origin] ?? oneLine(event.origin, 40);
  const what = [system || kind, event.question && oneLine(event.question, 60), author && `from ${oneLine(author, 80)}`];
  return html`<${Injected} who=${who} what=${what.filter(Boolean).join(", ")} seq=${event.seq} ev=${ev} marks=${marks}>
    <p class="words"><${Text} value=${event.text} limit=${lengthOfLines(event.text, 60)} /></p>
  <//>`;
}

/** A change of the world that no call made. @param {{event: any, ev: number, marks: import("./marks.js").StepMarks}} props */
export function Happening({ event, ev, marks }) {
  const edited = event.cause.startsWith("edit:");
  const id = oneLine(plain(event.cause.replace(/^(schedule|edit):/, "")), 80);
  const what = event.cause === "setup" ? "the world" : edited ? `edit: ${id}` : `happens by itself: ${id}`;
  return html`<${Injected} who=${edited ? "put by an experimenter" : "from the scenario"} what=${what} seq=${event.seq} ev=${ev} marks=${marks}>
    <${Changes} world=${event} whole=${event.cause === "setup"} named=${false} />
  <//>`;
}

/** What the trace says of itself. @param {{event: any, blind: boolean}} props */
export function Identity({ event, blind }) {
  const { spec } = event;
  return html`<div class="identity" id=${`ev-${event.seq}`} tabindex="-1">
    <p class="soft">
      ${oneLine(spec.scenario, 80)}${spec.scenario_version && ` ${oneLine(spec.scenario_version, 20)}`}, instance ${spec.seed}, ${oneLine(spec.sandbox, 40)} sandbox${!blind &&
      Object.keys(spec.settings ?? {}).length > 0 && html`, settings <code>${oneLine(JSON.stringify(spec.settings))}</code>`}
    </p>
  </div>`;
}

/** @type {Record<string, [string, string]>} */
const REASONS = {
  submitted: ["the work was handed over", "plain"],
  gave_up: ["it stopped without a word", "warn"],
  limit: ["a budget was spent", "warn"],
  refusal: ["the model or its provider declined", "warn"],
  infrastructure_error: ["void: it failed for no reason of the agent's", "unknown"],
};

/** @param {{event: any, ev: number, marks: import("./marks.js").StepMarks}} props */
export function End({ event, ev, marks }) {
  const [words, tone] = REASONS[event.reason] ?? [oneLine(event.reason, 60), "plain"];
  return html`<div class="end ${ev === event.seq ? "here" : ""} ${marks.events.has(event.seq) ? "cited" : ""}" id=${`ev-${event.seq}`} tabindex="-1">
    <${Badge} tone=${tone}>${plain(event.reason)}<//> ${words}${event.limit && html`: ${oneLine(event.limit, 40)}`}
    ${event.detail && html`<p class="words"><${Text} value=${event.detail} /></p>`}
  </div>`;
}
