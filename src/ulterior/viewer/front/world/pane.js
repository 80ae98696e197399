// @ts-check
/** The world beside a step: its files, its services as their people would see them, and its clock. */
import { html, useEffect, useErrorBoundary, useMemo } from "../html.js";
import { amend } from "../route.js";
import { BaseChoice, baseOf, nameOf } from "./base.js";
import { changesBetween } from "./changes.js";
import { Clock } from "./clock.js";
import { Files } from "./files.js";
import { Services } from "./services.js";
import { oneLine } from "../text.js";
import { serviceChanges } from "./shapes.js";
import { worldsOf } from "./state.js";
import { touchesOf } from "./touches.js";

/** @typedef {{replay: any, step: number, params: Record<string, string>}} Props  `step` is an index into the replay's steps */

/** @param {Props} props */
export function WorldPane({ replay, step, params }) {
  const [broken, again] = useErrorBoundary((error) => console.error(error));
  useEffect(() => again(), [replay, step, params]);
  return html`<aside class="world" aria-label="The world">
    ${broken
      ? html`<h2>The world</h2><p class="note broken">The world at this step can't be drawn: ${oneLine(String(broken.message ?? broken))}.</p>`
      : html`<${Shown} replay=${replay} step=${step} params=${params} />`}
  </aside>`;
}

/** @param {Props} props */
function Shown({ replay, step, params }) {
  const { steps } = replay;
  const at = Math.min(Math.max(step, 0), steps.length - 1);
  const base = baseOf(params, at, steps);
  const worlds = worldsOf(replay);
  const now = worlds.at(steps[at]?.last ?? -1);
  const before = worlds.at(steps[base.step ?? at]?.last ?? -1);
  const changes = useMemo(() => changesBetween(before, now), [before, now]);
  const changed = useMemo(() => serviceChanges(before, now), [before, now]);
  const touches = touchesOf(replay);
  const items = [...changed.values()].reduce((sum, count) => sum + count, 0);
  const tab = params.world ?? (changes.size === 0 && items > 0 ? "services" : "files");
  const against = base.step === null ? null : base.words;
  /** @param {string} name @param {string} word @param {number} count */
  const choice = (name, word, count) =>
    html`<button type="button" aria-pressed=${String(tab === name)} onClick=${() => amend({ world: name })}>
      ${word}${count > 0 && html` <span class="tally">${count.toLocaleString("en")} changed</span>`}
    </button>`;
  return html`
    <header>
      <h2>The world <small>after ${nameOf(at)}</small></h2>
      <${Clock} replay=${replay} step=${at} clock=${now.clock} start=${steps[0]?.clock ?? now.clock} />
    </header>
    <${BaseChoice} base=${base} step=${at} params=${params} steps=${steps} />
    <div class="choice tabs" role="group" aria-label="Show">
      ${choice("files", "Files", changes.size)} ${choice("services", "Services", items)}
    </div>
    ${now.fault && html`<p class="note broken">The record of the files can't be followed from event ${now.fault.seq} on: ${oneLine(now.fault.why)}.</p>`}
    ${tab === "services"
      ? html`<${Services} replay=${replay} world=${now} base=${before} changed=${changed} touches=${touches.services} step=${at} params=${params} />`
      : html`<${Files} replay=${replay} world=${now} changes=${changes} against=${against} touches=${touches.files} step=${at} params=${params} />`}
  `;
}
