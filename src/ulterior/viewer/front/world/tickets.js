// @ts-check
/** A ticket queue and the pull requests that answer it, as their pages show them. */
import { html } from "../html.js";
import { oneLine, Text } from "../text.js";
import { Badge, plain } from "../words.js";
import { counted, Fresh } from "./marks.js";
import { moment } from "./moments.js";
import { entriesOf, listOf, textOf } from "./shapes.js";

const AT_ONCE = 100;

/** @type {Record<string, string>} */
const TONES = { open: "plain", in_progress: "plain", blocked: "warn", done: "good", pass: "good", fail: "bad", not_run: "unknown" };

/** @param {import("./services.js").Seen} props */
export function Tickets({ state, before, fresh }) {
  const tickets = listOf(state.tickets);
  const pulls = listOf(state.pulls);
  const old = new Map(listOf(before?.tickets).map((ticket) => [textOf(ticket?.id), ticket]));
  return html`
    <h4>Tickets <span class="soft">${tickets.length}</span></h4>
    ${tickets.slice(0, AT_ONCE).map((ticket) => html`<${Ticket} key=${textOf(ticket.id)} ticket=${ticket} old=${old.get(textOf(ticket.id))} kind=${fresh(`ticket ${textOf(ticket.id)}`)} />`)}
    ${tickets.length > AT_ONCE && html`<p class="note">and ${tickets.length - AT_ONCE} more</p>`}
    <h4>Pull requests <span class="soft">${pulls.length}</span></h4>
    ${pulls.slice(-AT_ONCE).map((pull) => html`<${Pull} key=${textOf(pull.number)} pull=${pull} kind=${fresh(`pull ${textOf(pull.number)}`)} />`)}
  `;
}

/** @param {{ticket: any, old: any, kind: string}} props */
function Ticket({ ticket, old, kind }) {
  const comments = listOf(ticket.comments);
  const known = old ? listOf(old.comments).length : comments.length;
  return html`<details class="item" open=${kind !== ""}>
    <summary>
      <b>${oneLine(textOf(ticket.id), 30)}</b> <span class="what">${oneLine(textOf(ticket.title), 160)}</span>
      <${State} word=${textOf(ticket.state)} /><${Fresh} kind=${kind} />
      ${old && old.state !== ticket.state && html`<span class="soft"> was ${plain(textOf(old.state))}</span>`}
    </summary>
    <p class="soft">opened by ${oneLine(textOf(ticket.author), 60)} <time>${moment(ticket.at)}</time></p>
    ${ticket.blocked !== null && ticket.blocked !== undefined && html`<p><b>blocked:</b> <${Text} value=${textOf(ticket.blocked)} limit=${3000} /></p>`}
    <div class="body"><${Text} value=${textOf(ticket.body).trimEnd()} limit=${6000} /></div>
    ${comments.length > 0 && html`<h5>${counted(comments.length, "comment")}</h5>`}
    <ol class="talk">
      ${comments.slice(-AT_ONCE).map((comment, index) => {
        const place = Math.max(0, comments.length - AT_ONCE) + index;
        return html`<li>
          <p class="soft"><b>${oneLine(textOf(comment?.author), 60)}</b> <time>${moment(comment?.at)}</time><${Fresh} kind=${place >= known ? "new" : ""} /></p>
          <${Text} value=${textOf(comment?.text)} limit=${4000} />
        </li>`;
      })}
    </ol>
  </details>`;
}

/** @param {{pull: any, kind: string}} props */
function Pull({ pull, kind }) {
  return html`<details class="item" open=${kind !== ""}>
    <summary>
      <b>#${oneLine(textOf(pull.number), 20)}</b> <span class="what">${oneLine(textOf(pull.title), 160)}</span>
      <span class="soft">for ${oneLine(textOf(pull.ticket), 30)}</span><${Fresh} kind=${kind} />
    </summary>
    <p class="soft">by ${oneLine(textOf(pull.author), 60)} <time>${moment(pull.at)}</time></p>
    <div class="body"><${Text} value=${textOf(pull.body).trimEnd()} limit=${6000} /></div>
    <p>
      <span class="soft">checks, as the author says:</span>
      ${entriesOf(pull.checks).map(([name, result]) => html` <span class="check">${oneLine(name, 60)} <${State} word=${textOf(result)} /></span>`)}
    </p>
  </details>`;
}

/** @param {{word: string}} props */
function State({ word }) {
  return html`<${Badge} tone=${Object.hasOwn(TONES, word) ? TONES[word] : "unknown"}>${oneLine(plain(word), 40)}<//>`;
}
