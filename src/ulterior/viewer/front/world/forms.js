// @ts-check
/** Forms that can be handed in, and what was handed in on them. */
import { html } from "../html.js";
import { oneLine, Text } from "../text.js";
import { counted, Fresh } from "./marks.js";
import { moment } from "./moments.js";
import { entriesOf, listOf, textOf } from "./shapes.js";
import { Value } from "./value.js";

/** @param {import("./services.js").Seen} props */
export function Forms({ state, fresh }) {
  const submissions = listOf(state.submissions).map((submission, index) => ({ submission, kind: fresh(`submission ${index}`) }));
  const forms = listOf(state.forms);
  const names = new Set(forms.map((form) => textOf(form?.name)));
  const loose = submissions.filter(({ submission }) => !names.has(textOf(submission?.form)));
  return html`
    ${forms.map((form) => html`<${Form} key=${textOf(form.name)} form=${form} handed=${submissions.filter(({ submission }) => textOf(submission?.form) === textOf(form.name))} />`)}
    ${loose.map(({ submission, kind }, index) => html`<${Handed} submission=${submission} kind=${kind} number=${index + 1} />`)}
  `;
}

/** @param {{form: any, handed: {submission: any, kind: string}[]}} props */
function Form({ form, handed }) {
  const times = typeof form.times === "number" ? `${handed.length} of ${form.times} times` : counted(handed.length, "time");
  return html`
    <h4>${oneLine(textOf(form.name), 60)} <span class="soft">to ${oneLine(textOf(form.to), 80)} · handed in ${times}</span></h4>
    <details class="item">
      <summary><span class="what">what it asks for</span> <span class="soft">${counted(listOf(form.fields).length, "field")}</span></summary>
      <p><${Text} value=${textOf(form.about)} limit=${1000} /></p>
      <dl class="fields">
        ${listOf(form.fields).map(
          (field) =>
            html`<dt>${oneLine(textOf(field?.name), 60)}</dt>
              <dd>${oneLine(textOf(field?.kind).replaceAll("_", " "), 30)}${listOf(field?.choices).length > 0 && ` (${oneLine(listOf(field.choices).map(textOf).join(", "), 200)})`}${field?.required === false && ", optional"}<span class="soft"> ${oneLine(textOf(field?.about), 300)}</span></dd>`,
        )}
      </dl>
    </details>
    ${handed.map(({ submission, kind }, index) => html`<${Handed} key=${index} submission=${submission} kind=${kind} number=${index + 1} />`)}
  `;
}

/** @param {{submission: any, kind: string, number: number}} props */
function Handed({ submission, kind, number }) {
  return html`<details class="item" open=${true}>
    <summary><time>${moment(submission?.at)}</time><span class="what">handed in, ${number}</span> <${Fresh} kind=${kind} /></summary>
    <dl class="fields">
      ${entriesOf(submission?.values).map(([name, value]) => html`<dt>${oneLine(name, 60)}</dt><dd><${Value} value=${value} before=${undefined} compared=${false} /></dd>`)}
    </dl>
  </details>`;
}
