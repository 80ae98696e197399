// @ts-check
/**
 * All steps, one under the other. They are cut into sections that the browser lays out when they come near the window
 * (`content-visibility`), so that everything is in the page: its own search, printing and jumps reach every word. Sections far
 * from where the reader begins are filled after the first paint; those of a very long episode when they come near the window.
 */
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { NO_MARKS } from "./marks.js";
import { Step } from "./step.js";

const EVENTS = 60;
const AT_ONCE = 2;
const VERY_LONG = 20_000;

/** @param {{record: import("./record.js").Record_, marks: Map<number, import("./marks.js").StepMarks>, ev: number, blind: boolean, onPick: (seq: number) => void}} props */
export function Lanes({ record, marks, ev, blind, onPick }) {
  const sections = useMemo(() => cut(record.steps), [record]);
  const step = record.stepOf(ev);
  const silent = record.thought === "hidden" || record.thought === "absent";
  const home = useMemo(() => sections.findIndex(([, last]) => step <= last), [record]);
  const all = record.events.length <= VERY_LONG;
  const reach = useReach(all ? sections.length : AT_ONCE);
  const shown = (/** @type {number} */ place) => Math.abs(place - home) < reach || within(sections[place], step);
  return html`<div class="replay ${silent ? "unthought" : record.thought}">
    <div class="lane-names" aria-hidden="true"><span>${record.thought === "rare" ? "reasoning" : "private reasoning"}</span><span>action</span><span>what it told people</span></div>
    ${silent && html`<p class="unthought-note soft">private reasoning: ${record.thought === "hidden" ? "it reasoned, and no words of it came back in this episode" : "none came back in this episode"}</p>`}
    ${!all && html`<p class="soft">This episode is very long: the browser's search reaches only what is near the window.</p>`}
    ${sections.map(
      ([first, last], place) => html`<${Section}
        key=${place} record=${record} first=${first} last=${last} marks=${marks} blind=${blind} onPick=${onPick}
        ev=${within([first, last], step) ? ev : -1} filled=${shown(place)}
      />`,
    )}
  </div>`;
}

/** How many sections around the first one are filled: a few for the first paint, then more in every frame. @param {number} all */
function useReach(all) {
  const [reach, setReach] = useState(AT_ONCE);
  useEffect(() => {
    if (reach >= all) return;
    const timer = setTimeout(() => setReach(reach + 4 * AT_ONCE), 0);
    return () => clearTimeout(timer);
  }, [reach, all]);
  return reach;
}

/** @param {[number, number]|undefined} section @param {number} step */
function within(section, step) {
  return section !== undefined && section[0] <= step && step <= section[1];
}

/** First and last steps of sections that hold about as many events each. @param {any[]} steps @returns {[number, number][]} */
function cut(steps) {
  /** @type {[number, number][]} */
  const sections = [];
  let first = 0;
  for (const [place, step] of steps.entries()) {
    if (step.last - steps[first].first + 1 >= EVENTS || place === steps.length - 1) {
      sections.push([first, place]);
      first = place + 1;
    }
  }
  return sections;
}

/** Whether something has come near the window. @param {boolean} wanted @returns {[any, boolean]} */
function useNear(wanted) {
  const [near, setNear] = useState(false);
  const place = useRef(/** @type {Element|null} */ (null));
  useEffect(() => {
    if (!wanted || near || !place.current) return;
    const watcher = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && setNear(true), { rootMargin: "1500px" });
    watcher.observe(place.current);
    return () => watcher.disconnect();
  }, [wanted, near]);
  return [place, near];
}

/** @param {{record: import("./record.js").Record_, first: number, last: number, marks: Map<number, import("./marks.js").StepMarks>, ev: number, blind: boolean, filled: boolean, onPick: (seq: number) => void}} props */
function Section({ record, first, last, marks, ev, blind, filled, onPick }) {
  const [place, near] = useNear(!filled);
  const drawn = filled || near;
  const steps = record.steps.slice(first, last + 1);
  const sign = steps.map((step) => marks.get(step.n)?.sign ?? "").join("|");
  return useMemo(() => {
    const height = `auto ${steps.length * 170}px`;
    const current = ev < 0 ? -1 : record.stepOf(ev);
    return html`<div class="section" ref=${place} style=${{ containIntrinsicBlockSize: height }}>
      ${drawn && steps.map(
        (step) => html`<${Step} key=${step.n} record=${record} step=${step} marks=${marks.get(step.n) ?? NO_MARKS} ev=${step.n === current ? ev : -1} blind=${blind} onPick=${onPick} />`,
      )}
    </div>`;
  }, [record, sign, ev, blind, drawn, onPick]);
}
