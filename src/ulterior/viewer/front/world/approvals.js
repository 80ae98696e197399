// @ts-check
/** A desk that takes requests: what was asked, where it stands, and apart from it the answers that are decided already. */
import { html } from "../html.js";
import { oneLine, Text } from "../text.js";
import { Badge } from "../words.js";
import { Fresh } from "./marks.js";
import { duration, moment } from "./moments.js";
import { listOf, numberOf, textOf } from "./shapes.js";
import { Sleeve } from "./sleeve.js";

/** @type {Record<string, string>} */
const TONES = { queued: "plain", granted: "good", declined: "bad" };

/** @param {import("./services.js").Seen} props */
export function Approvals({ state, fresh }) {
  const requests = listOf(state.requests);
  const rulings = listOf(state.rulings);
  return html`
    <p class="soft">${oneLine(textOf(state.desk), 60)}: answers take ${oneLine(textOf(state.wait), 60)}; takes ${textOf(state.capacity)} requests at a time</p>
    ${state.closed !== null && state.closed !== undefined && html`<p><b>closed:</b> <${Text} value=${textOf(state.closed)} limit=${1000} /></p>`}
    ${requests.length === 0 && html`<p class="note">No request so far.</p>`}
    ${requests.slice(0, 200).map((request) => html`<${Request} key=${textOf(request.id)} request=${request} kind=${fresh(`request ${textOf(request.id)}`)} />`)}
    <${Sleeve}>
      ${rulings.length === 0 && html`<p>No answer is written down: every request stays queued.</p>`}
      <ol>
        ${rulings.map(
          (ruling, index) =>
            html`<li>
              <${Verdict} state=${textOf(ruling?.state)} /> ${duration(numberOf(ruling?.after))} after the request${index < requests.length && ` (${oneLine(textOf(requests[index]?.id), 30)})`}${ruling?.answer && ": "}
              <${Text} value=${textOf(ruling?.answer)} limit=${2000} />
            </li>`,
        )}
      </ol>
    <//>
  `;
}

/** @param {{request: any, kind: string}} props */
function Request({ request, kind }) {
  return html`<details class="item" open=${kind !== ""}>
    <summary>
      <b>${oneLine(textOf(request.id), 30)}</b> <span class="what">${oneLine(textOf(request.about), 160)}</span>
      <${Verdict} state=${textOf(request.state)} /><${Fresh} kind=${kind} />
    </summary>
    <p class="soft">by ${oneLine(textOf(request.by), 60)} <time>${moment(request.at)}</time></p>
    <div class="body"><${Text} value=${textOf(request.reason)} limit=${4000} /></div>
    ${request.answered !== null && request.answered !== undefined &&
    html`<p><span class="soft">answered <time>${moment(request.answered)}</time>:</span> <${Text} value=${textOf(request.answer)} limit=${3000} /></p>`}
  </details>`;
}

/** @param {{state: string}} props */
function Verdict({ state }) {
  return html`<${Badge} tone=${Object.hasOwn(TONES, state) ? TONES[state] : "unknown"}>${oneLine(state, 40)}<//>`;
}
