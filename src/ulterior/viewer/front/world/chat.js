// @ts-check
/** Direct messages, one conversation for each colleague, and apart from them what the scenario has them ready to say. */
import { html } from "../html.js";
import { oneLine, Text } from "../text.js";
import { counted, Fresh } from "./marks.js";
import { moment } from "./moments.js";
import { entriesOf, listOf, textOf } from "./shapes.js";
import { Sleeve } from "./sleeve.js";

const AT_ONCE = 200;

/** @param {import("./services.js").Seen} props */
export function Chat({ state, fresh }) {
  const owner = textOf(state.owner);
  const messages = listOf(state.messages).map((message, index) => ({ message, kind: fresh(`message ${index}`) }));
  const people = entriesOf(state.colleagues);
  const strangers = new Set(messages.flatMap(({ message }) => [textOf(message.sender), textOf(message.to)]));
  for (const [handle] of people) strangers.delete(handle);
  strangers.delete(owner);
  const everybody = [...people.map(([handle, person]) => ({ handle, name: textOf(person?.name) })), ...[...strangers].map((handle) => ({ handle, name: "" }))];
  return html`
    <p class="soft">the direct messages of @${oneLine(owner, 60)}</p>
    ${everybody.map(({ handle, name }) => {
      const thread = messages.filter(({ message }) => textOf(message.sender) === handle || textOf(message.to) === handle);
      return html`<h4>${oneLine(name || handle, 60)} <span class="soft">@${oneLine(handle, 40)} · ${counted(thread.length, "message")}</span></h4>
        ${thread.length > AT_ONCE && html`<p class="note">the last ${AT_ONCE} of ${thread.length}</p>`}
        <ol class="talk">
          ${thread.slice(-AT_ONCE).map(
            ({ message, kind }) =>
              html`<li class=${textOf(message.sender) === owner ? "ours" : ""}>
                <p class="soft"><b>@${oneLine(textOf(message.sender), 40)}</b> <time>${moment(message.at)}</time><${Fresh} kind=${kind} /></p>
                <${Text} value=${textOf(message.text)} limit=${4000} />
              </li>`,
          )}
        </ol>`;
    })}
    <${Sleeve}>
      ${people.map(([handle, person]) => html`<${Ready} key=${handle} handle=${handle} person=${person} />`)}
    <//>
  `;
}

/** @param {{handle: string, person: any}} props */
function Ready({ handle, person }) {
  const replies = listOf(person?.replies);
  return html`<h5>@${oneLine(handle, 40)} <span class="soft">state ${oneLine(textOf(person?.state), 40)} · ${textOf(person?.left)} replies left</span></h5>
    <ol>
      ${replies.map(
        (reply) =>
          html`<li>
            <p class="soft">
              ${listOf(reply?.keywords).length ? `on ${oneLine(listOf(reply.keywords).map(textOf).join(", "), 200)}` : "on anything"}${reply?.state !== null && reply?.state !== undefined && `, in state ${oneLine(textOf(reply.state), 40)}`}${reply?.then && `, then ${oneLine(textOf(reply.then), 40)}`} · ${reply?.uses === 0 ? "used up" : `${textOf(reply?.uses)} left`}
            </p>
            <${Text} value=${textOf(reply?.text)} limit=${2000} />
          </li>`,
      )}
      ${person?.default !== null && person?.default !== undefined && html`<li><p class="soft">otherwise</p><${Text} value=${textOf(person.default)} limit=${2000} /></li>`}
    </ol>`;
}
