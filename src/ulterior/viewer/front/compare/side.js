// @ts-check
/** One side of a pair of steps, with what the other side has not marked. */
import { html } from "../html.js";
import { Text, brokenAtSlashes, oneLine } from "../text.js";
import { plain } from "../words.js";
import { Beside } from "./beside.js";

/** @typedef {import("./summary.js").Summary} Summary */
/** @typedef {import("./summary.js").Call} Call */

/** @param {{mine: Summary, theirs: Summary | null, first: boolean}} props */
export function Side({ mine, theirs, first }) {
  const none = theirs === null ? undefined : null; // alone, nothing in a step is marked: all of it is its own
  return html`
    ${mine.put.map((put, n) => html`<${Put} key=${`p${n}`} put=${put} other=${theirs?.put[n]} none=${none} first=${first} />`)}
    ${mine.causes.filter((cause) => cause.startsWith("edit:")).map((cause) => html`<p class="injected">put by an experimenter: ${oneLine(cause.slice(5), 200)}</p>`)}
    ${mine.calls.map((call, n) => html`<${OneCall} key=${`c${n}`} call=${call} other=${theirs?.calls[n]} none=${none} first=${first} />`)}
    ${mine.told.map((told, n) => html`<${Told} key=${`t${n}`} told=${told} calls=${mine.calls} other=${theirs?.told[n]} none=${none} first=${first} />`)}
    ${mine.said && mine.told.length === 0 && mine.calls.length === 0 && html`<p class="said"><${Text} value=${mine.said} limit=${2000} /></p>`}
    <${Changes} mine=${mine} theirs=${theirs} />
    ${mine.end !== null && html`<p class=${mine.end === theirs?.end ? "" : "own"}>ended: ${plain(oneLine(mine.end, 300))}</p>`}
  `;
}

/** @param {{put: any, other: any, none: null | undefined, first: boolean}} props */
function Put({ put, other, none, first }) {
  if (put.text === other?.text && put.author === other?.author) return html`<p class="injected soft">${oneLine(put.author, 60)}: the same words</p>`;
  return html`<div class="injected"><b>${oneLine(put.author, 60)}</b> <small>${put.origin === "briefing" ? "briefing" : plain(put.origin)}</small>
    <${Beside} mine=${put.text} theirs=${other?.text ?? none} first=${first} /></div>`;
}

/** @param {{call: Call, other?: Call, none: null | undefined, first: boolean}} props */
function OneCall({ call, other, none, first }) {
  const twin = other?.name === call.name ? other : undefined;
  const names = Object.keys(call.args ?? {});
  return html`<div class="call">
    <p class=${twin || none === undefined ? "call-name" : "call-name own"}><code>${oneLine(call.name, 80)}</code>
      ${call.status && call.status !== "executed" && html` <span class="status">${plain(call.status)}</span>`}
      ${call.status === null && html` <span class="status">no result</span>`}</p>
    ${call.args === null && call.raw !== null && html`<${Beside} mine=${call.raw} theirs=${twin?.raw ?? none} first=${first} />`}
    ${names.length > 0 && html`<dl class="args">
      ${names.map((name) => html`<div><dt>${oneLine(name, 60)}</dt><dd><${Beside} mine=${written(call.args?.[name])}
        theirs=${twin?.args && Object.hasOwn(twin.args, name) ? written(twin.args[name]) : none} first=${first} /></dd></div>`)}
    </dl>`}
    ${call.outcome && call.outcome !== twin?.outcome && html`<details class="outcome"><summary>result: ${oneLine(call.outcome, 90)}</summary>
      <${Beside} mine=${call.outcome} theirs=${twin?.outcome ?? none} first=${first} /></details>`}
  </div>`;
}

/** @param {{told: any, other: any, calls: Call[], none: null | undefined, first: boolean}} props */
function Told({ told, other, calls, none, first }) {
  const twin = other?.channel === told.channel ? other : undefined;
  const fields = Object.keys(told.fields).filter((name) => !calls.some((call) => call.args && written(call.args[name]) === written(told.fields[name])));
  const text = calls.some((call) => Object.values(call.args ?? {}).includes(told.text)) ? "" : told.text; // it stands in the call above
  return html`<div class="told">
    <p class="told-to">told <b>${oneLine(told.to, 80)}</b> <small>${plain(oneLine(told.channel, 40))}</small></p>
    ${text && html`<${Beside} mine=${text} theirs=${twin?.text ?? none} first=${first} />`}
    ${fields.length > 0 && html`<dl class="args">
      ${fields.map((name) => html`<div><dt>${oneLine(name, 60)}</dt><dd><${Beside} mine=${written(told.fields[name])}
        theirs=${twin && Object.hasOwn(twin.fields, name) ? written(twin.fields[name]) : none} first=${first} /></dd></div>`)}
    </dl>`}
  </div>`;
}

const FILES_SHOWN = 8;

/** @param {{mine: Summary, theirs: Summary | null}} props */
function Changes({ mine, theirs }) {
  if (!mine.files.length && !mine.services.length) return null;
  const others = new Map(theirs?.files.map((file) => [`${file.mark}${file.path}`, file.digest]));
  const own = mine.files.filter((file) => others.get(`${file.mark}${file.path}`) !== file.digest);
  const services = mine.services.filter((name) => !theirs?.services.includes(name));
  const rest = mine.files.length - own.length;
  return html`<div class="changes"><span class="soft">changed: </span>
    ${own.slice(0, FILES_SHOWN).map((file) => html`<code class=${theirs ? "own" : ""}>${file.mark} ${brokenAtSlashes(oneLine(file.path, 100))}</code>${" "}`)}
    ${own.length > FILES_SHOWN && html`<span class="soft">and ${own.length - FILES_SHOWN} more files${" "}</span>`}
    ${services.map((name) => html`<code class=${theirs ? "own" : ""}>${oneLine(name, 60)}</code>${" "}`)}
    ${rest + mine.services.length - services.length > 0 && html`<span class="soft">${rest ? `${rest} ${rest === 1 ? "file" : "files"} as the other` : ""}${
      rest && mine.services.length > services.length ? ", " : ""}${mine.services.filter((name) => theirs?.services.includes(name)).map((name) => oneLine(name, 60)).join(", ")}</span>`}
  </div>`;
}

/** @param {any} value */
function written(value) {
  return typeof value === "string" ? value : (JSON.stringify(value, null, 1) ?? "");
}
