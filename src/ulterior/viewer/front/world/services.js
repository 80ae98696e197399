// @ts-check
/** The services of the fictional organisation at a step, as their people would see them. */
import { html, useErrorBoundary } from "../html.js";
import { amend } from "../route.js";
import { oneLine } from "../text.js";
import { Approvals } from "./approvals.js";
import { Chat } from "./chat.js";
import { Forms } from "./forms.js";
import { Ledger } from "./ledger.js";
import { Mailbox } from "./mailbox.js";
import { ToTouch } from "./marks.js";
import { freshness, shapeOf } from "./shapes.js";
import { Tickets } from "./tickets.js";
import { Value } from "./value.js";

/** @type {Record<string, any>} */
const VIEWS = { mailbox: Mailbox, chat: Chat, ledger: Ledger, tickets: Tickets, approvals: Approvals, forms: Forms };

/** @typedef {{state: any, before: any, fresh: (item: string) => string}} Seen  what a view of a service gets; `before` null: nothing to compare */

/** @param {{replay: any, world: import("./state.js").World, base: import("./state.js").World, changed: Map<string, number>,
 *   touches: Map<string, import("./touches.js").Touch[]>, step: number, params: Record<string, string>}} props */
export function Services({ world, base, changed, touches, step, params }) {
  const names = [...world.services.keys()].sort();
  const chosen = names.find((name) => name === params.service) ?? names.find((name) => changed.get(name)) ?? names[0];
  if (chosen === undefined) return html`<p class="note">This world has no services at this step.</p>`;
  const service = /** @type {import("./state.js").Service} */ (world.services.get(chosen));
  return html`
    <div class="choice" role="group" aria-label="Service">
      ${names.map((name) => {
        const count = changed.get(name) ?? 0;
        return html`<button type="button" aria-pressed=${String(name === chosen)} onClick=${() => amend({ service: name })}>
          ${oneLine(name, 40)}${count > 0 && html` <span class="tally">${count} changed</span>`}
        </button>`;
      })}
    </div>
    <${Service} key=${chosen} name=${chosen} service=${service} before=${base.services.get(chosen)?.value ?? null}
      touches=${touches.get(chosen) ?? []} step=${step} />
  `;
}

/** @param {{name: string, service: import("./state.js").Service, before: any, touches: import("./touches.js").Touch[], step: number}} props */
function Service({ name, service, before, touches, step }) {
  const last = touches.findLast((touch) => touch.step <= step);
  return html`<section class="service" aria-label=${oneLine(name, 40)}>
    <h3>${oneLine(name, 60)}</h3>
    ${service.lost &&
    html`<p class="note broken">The record of this service can't be followed from event ${service.lost.seq} on: ${oneLine(service.lost.why)}. What stands here is how it was before.</p>`}
    ${last && html`<p class="by"><${ToTouch} touch=${last} here=${step} /></p>`}
    ${touches.length > 1 &&
    html`<details class="history">
      <summary>history: ${touches.length} changes</summary>
      <ol>${touches.slice(-200).map((touch) => html`<li><${ToTouch} touch=${touch} here=${step} /></li>`)}</ol>
    </details>`}
    <${Guarded} state=${service.value} before=${before} />
  </section>`;
}

/** The view for a state's shape; what it can't cope with is shown as the bare state. @param {{state: any, before: any}} props */
function Guarded({ state, before }) {
  const [failed] = useErrorBoundary(() => undefined);
  const View = VIEWS[shapeOf(state).kind];
  if (View && !failed) return html`<${View} state=${state} before=${before} fresh=${freshness(before, state)} />`;
  return html`
    <p class="note">
      ${failed ? "This state isn't what its kind of service has. " : ""}The state as the scenario holds it; <span class="injected">the agent sees only what its tools show</span>
    </p>
    <div class="tree-of-values"><${Value} value=${state} before=${before} compared=${before !== null && before !== state} /></div>
  `;
}
