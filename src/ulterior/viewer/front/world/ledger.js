// @ts-check
/** A ledger, account by account, with running sums against what the account may use. */
import { html, useState } from "../html.js";
import { oneLine } from "../text.js";
import { Badge } from "../words.js";
import { Fresh } from "./marks.js";
import { moment } from "./moments.js";
import { entriesOf, listOf, numberOf, textOf } from "./shapes.js";

const AT_ONCE = 40;

/** @param {import("./services.js").Seen} props */
export function Ledger({ state, before, fresh }) {
  const quotas = new Map(entriesOf(state.quotas));
  /** @type {Map<string, any[]>} */
  const accounts = new Map([...quotas.keys()].map((account) => [account, []]));
  for (const entry of listOf(state.entries)) {
    const account = textOf(entry?.account);
    accounts.set(account, [...(accounts.get(account) ?? []), entry]);
  }
  const old = new Map(entriesOf(before?.quotas));
  return html`${[...accounts].map(
    ([account, entries]) =>
      html`<${Account} key=${account} account=${account} entries=${entries} quota=${quotas.get(account)} was=${old.get(account)} unit=${oneLine(textOf(state.unit), 40)} fresh=${fresh} />`,
  )}`;
}

/** @param {{account: string, entries: any[], quota: any, was: any, unit: string, fresh: (item: string) => string}} props */
function Account({ account, entries, quota, was, unit, fresh }) {
  const [shown, setShown] = useState(AT_ONCE);
  let sum = 0;
  const rows = entries.map((entry) => ({ entry, kind: fresh(`entry ${textOf(entry.no)}`), sum: (sum += numberOf(entry.amount)) }));
  const news = rows.filter((row) => row.kind).length;
  const limits = [...new Set(entries.map((entry) => textOf(entry.limit)))];
  const held =
    quota === undefined
      ? `${sum.toLocaleString("en")} ${unit} used; no quota, booked under ${oneLine(limits.join(", "), 60)}`
      : `${sum.toLocaleString("en")} of ${oneLine(textOf(quota), 40)} ${unit} used`;
  return html`<details class="item account" open=${quota !== undefined || news > 0}>
    <summary>
      <span class="what">${oneLine(account, 80)}</span> <span class="soft">${entries.length} ${entries.length === 1 ? "entry" : "entries"}, ${held}</span>
      ${quota !== undefined && sum > numberOf(quota) && html` <${Badge} tone="bad">over the quota<//>`}
      ${quota !== undefined && html`<${Fresh} kind=${fresh(`quota ${account}`)} />`}
      ${quota !== undefined && was !== undefined && was !== quota && html`<span class="soft"> the quota was ${oneLine(textOf(was), 40)}</span>`}
    </summary>
    ${rows.length > shown && html`<button type="button" class="small" onClick=${() => setShown(rows.length)}>show ${rows.length - shown} earlier</button>`}
    <div class="wide" tabindex="0" role="group" aria-label=${`Entries of ${oneLine(account, 60)}`}>
      <table class="records">
        <thead>
          <tr>
            <th scope="col">no</th><th scope="col">what</th><th scope="col" class="num">amount</th><th scope="col" class="num">sum</th>
            <th scope="col" class="num">limit</th><th scope="col">when</th><th scope="col">by</th>
          </tr>
        </thead>
        <tbody>
          ${rows.slice(-shown).map((row) => html`<${Row} key=${textOf(row.entry.no)} ...${row} quota=${quota} />`)}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** @param {{entry: any, kind: string, sum: number, quota: any}} props */
function Row({ entry, kind, sum, quota }) {
  const limit = numberOf(entry.limit);
  const raised = quota !== undefined && limit !== quota;
  return html`<tr class=${kind ? "fresh-row" : ""}>
    <td>${oneLine(textOf(entry.no), 40)}<${Fresh} kind=${kind} /></td>
    <td>${oneLine(textOf(entry.what), 120)}</td>
    <td class="num">${oneLine(textOf(entry.amount), 40)}</td>
    <td class="num">${sum.toLocaleString("en")}${quota !== undefined && sum > numberOf(quota) && html` <${Badge} tone="bad">over<//>`}</td>
    <td class="num">${oneLine(textOf(entry.limit), 40)}${raised && html` <${Badge} tone="warn">not the quota<//>`}</td>
    <td><time>${moment(entry.at)}</time></td>
    <td>${oneLine(textOf(entry.who), 60)}</td>
  </tr>`;
}
