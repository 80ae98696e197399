// @ts-check
/** A mailbox as its owner's mail program shows it: folders, newest first, and what belongs to one thread. */
import { html, useState } from "../html.js";
import { oneLine, Text } from "../text.js";
import { counted, Fresh } from "./marks.js";
import { moment } from "./moments.js";
import { listOf, numberOf, textOf } from "./shapes.js";

const AT_ONCE = 50;

/** @param {import("./services.js").Seen} props */
export function Mailbox({ state, fresh }) {
  const mails = listOf(state.mails);
  const folders = [...new Set(["inbox", "sent", ...mails.map((mail) => textOf(mail.folder))])];
  return html`
    <p class="soft">the mail of ${oneLine(textOf(state.owner), 80)}</p>
    ${folders.map((folder) => html`<${Folder} key=${folder} folder=${folder} mails=${mails} contacts=${state.contacts} fresh=${fresh} />`)}
  `;
}

/** @param {{folder: string, mails: any[], contacts: any, fresh: (item: string) => string}} props */
function Folder({ folder, mails, contacts, fresh }) {
  const [shown, setShown] = useState(AT_ONCE);
  const here = mails.filter((mail) => textOf(mail.folder) === folder);
  here.sort((a, b) => numberOf(b.at) - numberOf(a.at) || numberOf(b.id) - numberOf(a.id));
  const unread = here.filter((mail) => mail.read === false).length;
  return html`<h4>${oneLine(folder, 40)} <span class="soft">${counted(here.length, "mail")}${unread > 0 && `, ${unread} unread`}</span></h4>
    ${here.slice(0, shown).map((mail) => html`<${Mail} key=${textOf(mail.id)} mail=${mail} thread=${threadOf(mail, mails)} contacts=${contacts} kind=${fresh(`mail ${textOf(mail.id)}`)} />`)}
    ${here.length > shown && html`<button type="button" class="small" onClick=${() => setShown(shown + 5 * AT_ONCE)}>show more: ${here.length - shown}</button>`}`;
}

/** @param {{mail: any, thread: any[], contacts: any, kind: string}} props */
function Mail({ mail, thread, contacts, kind }) {
  const sent = mail.folder === "sent";
  const unread = mail.read === false;
  return html`<details class="item ${unread ? "unread" : ""}" open=${kind === "new"}>
    <summary>
      <time>${moment(mail.at)}</time>
      ${unread && html`<span class="dot" aria-hidden="true">●</span><span class="hidden">unread</span>`}
      <span class="who">${sent ? "to " : ""}${nameOf(contacts, sent ? mail.to : mail.sender)}</span>
      <span class="what">${oneLine(textOf(mail.subject), 160) || "(no subject)"}</span>
      <${Fresh} kind=${kind} />
    </summary>
    <dl class="head">
      <dt>From</dt><dd>${nameOf(contacts, mail.sender, true)}</dd>
      <dt>To</dt><dd>${nameOf(contacts, mail.to, true)}</dd>
      <dt>Subject</dt><dd><${Text} value=${textOf(mail.subject)} limit=${500} /></dd>
    </dl>
    <div class="body"><${Text} value=${textOf(mail.body).trimEnd()} limit=${6000} /></div>
    ${thread.length > 1 &&
    html`<p class="soft">in this thread:</p>
      <ol class="thread">
        ${thread.slice(0, 20).map((each) => html`<li aria-current=${each === mail ? "true" : undefined}><time>${moment(each.at)}</time> ${nameOf(contacts, each.sender)} → ${nameOf(contacts, each.to)}</li>`)}
      </ol>`}
  </details>`;
}

/** The mails with the same subject, answers included, oldest first. @param {any} mail @param {any[]} mails */
function threadOf(mail, mails) {
  const subject = bare(mail.subject);
  if (subject === "") return [mail];
  return mails.filter((each) => bare(each.subject) === subject).sort((a, b) => numberOf(a.at) - numberOf(b.at));
}

/** @param {any} subject */
function bare(subject) {
  return textOf(subject).slice(0, 500).replace(/^(\s*(re|fwd?|aw)\s*:)+/i, "").trim().toLowerCase();
}

/** An address as a mail program shows it. @param {any} contacts @param {any} address @param {boolean} [full] */
function nameOf(contacts, address, full = false) {
  const key = textOf(address);
  const name = contacts !== null && typeof contacts === "object" && Object.hasOwn(contacts, key) ? textOf(contacts[key]) : "";
  if (!name) return oneLine(key, 120) || "nobody";
  return full ? `${oneLine(name, 80)} <${oneLine(key, 120)}>` : oneLine(name, 80);
}
