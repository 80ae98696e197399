// @ts-check
/** The scrubber: a slider over the steps, with all that happened drawn above it and the current step in words below. */
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../html.js";
import { oneLine } from "../text.js";
import { goToStep } from "./cursor.js";
import { Flags, flagsOf, Unreached } from "./flags.js";
import { useHeightAs } from "./heights.js";
import { columnsOf, placeOf, Strip } from "./strip.js";
import { Eye, namesOf } from "./witnesses.js";

/** @param {{record: import("./record.js").Record_, step: number, blind: boolean, onHelp: () => void, children?: any}} props */
export function Timeline({ record, step, blind, onHelp, children }) {
  const [track, width] = useWidth();
  const { steps } = record;
  const strip = useMemo(() => html`<${Strip} columns=${columnsOf(record, width, blind)} width=${width} />`, [record, width, blind]);
  const flags = useMemo(() => (blind ? null : flagsOf(record, width)), [record, width, blind]);
  const x = placeOf(step, steps.length, width);
  const pick = (/** @type {MouseEvent} */ event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    goToStep(record, Math.round(((event.clientX - box.left - 7) / Math.max(1, width - 14)) * (steps.length - 1)));
  };
  return html`<section class="timeline" aria-label="Timeline" ref=${useHeightAs("--bar")}>
    <div class="track" ref=${track}>
      ${flags && html`<${Flags} record=${record} flags=${flags} width=${width} />`}
      <div class="strip-box" onClick=${pick}>
        ${strip}
        <span class="needle" style=${{ left: `${x}px` }}></span>
      </div>
      <input type="range" aria-label="Step" min="0" max=${Math.max(0, steps.length - 1)} value=${step}
        aria-valuetext=${nameOf(record, step)} onInput=${(/** @type {any} */ event) => goToStep(record, Number(event.target.value))} />
    </div>
    <div class="now">
      <span class="moves">
        <button type="button" aria-label="Step before" disabled=${step <= 0} onClick=${() => goToStep(record, step - 1)}>◀</button>
        <button type="button" aria-label="Next step" disabled=${step >= steps.length - 1} onClick=${() => goToStep(record, step + 1)}>▶</button>
      </span>
      <${Now} record=${record} step=${step} />
      ${!blind && html`<${Unreached} funnel=${record.replay.funnel} />`}
      <span class="timeline-tools">${children}<button type="button" class="quiet" onClick=${onHelp}>keys <kbd>?</kbd></button></span>
    </div>
    <p class="hidden" aria-live="polite">${nameOf(record, step)}</p>
  </section>`;
}

/** @param {import("./record.js").Record_} record @param {number} step */
function nameOf(record, step) {
  return `step ${step + 1} of ${record.steps.length}: ${oneLine(record.steps[step]?.title ?? "", 100)}`;
}

/** The width of what the reference is put on, followed. @returns {[any, number]} */
function useWidth() {
  const [width, setWidth] = useState(() => innerWidth - 32);
  const place = useRef(/** @type {HTMLElement|null} */ (null));
  useLayoutEffect(() => {
    if (place.current) setWidth(place.current.clientWidth || 1000);
  }, []);
  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const watcher = new ResizeObserver(() => setWidth(box.clientWidth || 1000));
    watcher.observe(box);
    return () => watcher.disconnect();
  }, []);
  return [place, width];
}

/** @param {{record: import("./record.js").Record_, step: number}} props */
function Now({ record, step }) {
  const now = record.steps[step];
  if (!now) return null;
  const cost = record.cost[step];
  return html`<span class="now-words">
    <b>step ${step + 1}</b> of ${record.steps.length} <span class="soft">· world time ${clock(now.clock)}, ${lapse(now.clock - record.begun)} in
    · ${now.tokens.toLocaleString("en")} tokens, ${(record.tokens[step] ?? 0).toLocaleString("en")} so far
    ${cost !== 0 && html`· ${now.kind === "turn" && html`${dollars(now.cost)}, `}${dollars(cost)} so far`}</span>
    ${now.witnesses.length > 0 && html` <span class="seen"><${Eye} /> <bdi>${oneLine(namesOf(now.witnesses), 44)}</bdi></span>`}
  </span>`;
}

/** The world's own time; worlds know no time zones. @param {number} seconds */
function clock(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "unknown" : `${date.toLocaleDateString("en-GB", { weekday: "short", timeZone: "UTC" })} ${date.toISOString().slice(11, 16)}`;
}

/** @param {number} seconds */
function lapse(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${Math.round(seconds)} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number|null|undefined} cost */
export function dollars(cost) {
  if (cost === null || cost === undefined) return "cost unknown";
  return `$${cost.toFixed(cost > 0 && cost < 0.1 ? 4 : 2)}`;
}
