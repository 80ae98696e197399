// @ts-check
/**
 * All episodes that are left, of which only those in sight are in the page.
 *
 * Rows have one height, so where a row stands is a multiplication. The row that has the focus stays in the page even
 * when it is scrolled out of sight. What is scrolled to and selected is kept by episode, so that a newer table of the
 * same study changes nothing for who reads it.
 */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { amend } from "../route.js";
import { COLUMNS } from "./columns.js";
import { Nothing } from "./nothing.js";
import { EpisodeRow, HEIGHT } from "./row.js";
import { Selected, useSelection } from "./selection.js";

const BEYOND = 4;
/** Where a study was scrolled to when it was left, by what was asked. @type {Map<string, {rows: number, page: number}>} */
const left = new Map();

/** @param {{study: string, table: any, index: import("./query.js").Index, rows: Int32Array, sort: string,
 *   choice: import("./query.js").Choice}} props */
export function EpisodeTable({ study, table, index, rows, sort, choice }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const [active, setActive] = useState(0);
  const selection = useSelection();
  const window = useWindow(box, rows.length);
  const current = Math.min(active, Math.max(rows.length - 1, 0));
  useTop(box, JSON.stringify([study, sort, choice]), () => setActive(0));
  const wanted = useRef(false);
  useLayoutEffect(() => {
    if (!wanted.current) return;
    wanted.current = false;
    const row = box.current?.querySelector(`[data-place="${current}"]`);
    row?.querySelector("a")?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  });
  const move = (/** @type {number} */ to) => {
    wanted.current = true;
    setActive(Math.min(Math.max(to, 0), rows.length - 1));
  };
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(Math.floor((box.current?.clientHeight ?? 0) / HEIGHT) - 2, 1);
    /** @type {Record<string, number>} */
    const targets = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + page, PageUp: current - page, Home: 0, End: rows.length - 1 };
    const target = targets[event.key];
    const id = table.ids[rows[current] ?? -1];
    const onLink = event.target instanceof HTMLAnchorElement;
    if (target !== undefined) move(target);
    else if (event.key === " " && onLink && id) selection.toggle(id);
    else return;
    event.preventDefault();
  };
  const focused = (/** @type {any} */ event) => {
    const place = event.target.closest("[data-place]")?.dataset.place;
    if (place !== undefined) setActive(Number(place));
  };
  if (rows.length === 0) return html`<${Nothing} index=${index} choice=${choice} />`;
  const places = placesIn(window, current, rows.length);
  return html`<${Selected} study=${study} table=${table} selection=${selection} />
    <div class="box episodes" ref=${box} tabindex="0" role="region" aria-label="Episodes, by rows">
      <div role="table" aria-label="Episodes" aria-rowcount=${rows.length + 1} aria-colcount=${COLUMNS.length + 1}>
        <div role="rowgroup" class="head"><${HeadRow} sort=${sort} /></div>
        <div role="rowgroup" class="rows" style=${{ height: `${rows.length * HEIGHT}px` }} onKeyDown=${pressed} onFocusIn=${focused}>
          ${places.map((place) => {
            const at = rows[place] ?? 0;
            const id = table.ids[at];
            return html`<${EpisodeRow}
              key=${place} study=${study} table=${table} at=${at} place=${place} active=${place === current}
              selected=${selection.ids.includes(id)} onSelect=${selection.toggle}
            />`;
          })}
        </div>
      </div>
    </div>`;
}

/** Which rows are in sight, from and to. @param {{current: HTMLElement|null}} box @param {number} count */
function useWindow(box, count) {
  const [range, setRange] = useState({ from: 0, to: 32 });
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const look = () => {
      const from = Math.max(Math.floor(element.scrollTop / HEIGHT) - BEYOND, 0);
      const to = from + Math.ceil(element.clientHeight / HEIGHT) + 2 * BEYOND;
      setRange((before) => (before.from === from && before.to === to ? before : { from, to }));
    };
    const sized = new ResizeObserver(look);
    sized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sized.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [count === 0]);
  return range;
}

/** Begin at the top when something else is asked for, and where it was left when the page is come back to.
 * @param {{current: HTMLElement|null}} box @param {string} question @param {() => void} changed */
function useTop(box, question, changed) {
  const asked = useRef("");
  useLayoutEffect(() => {
    const element = box.current;
    const before = asked.current ? undefined : left.get(question);
    if (element) element.scrollTop = before?.rows ?? 0;
    if (before) scrollTo(0, before.page);
    if (asked.current) changed();
    asked.current = question;
    return () => void left.set(question, { rows: element?.scrollTop ?? 0, page: scrollY });
  }, [question]);
  useLayoutEffect(() => () => scrollTo(0, 0), []); // whatever page comes next begins at its top
}

/** The places to draw, with the active row wherever it is. @param {{from: number, to: number}} range @param {number} current @param {number} count */
function placesIn({ from, to }, current, count) {
  const first = Math.min(from, Math.max(count - 1, 0));
  const places = Array.from({ length: Math.max(Math.min(to, count) - first, 0) }, (_, at) => first + at);
  if (current < first) places.unshift(current);
  else if (current >= Math.min(to, count)) places.push(current);
  return places;
}

/** @param {{sort: string}} props */
function HeadRow({ sort }) {
  const name = sort.replace(/^-/, "");
  const falling = sort.startsWith("-");
  const next = (/** @type {string} */ column) => (column !== name ? column : falling ? null : `-${column}`);
  return html`<div role="row" aria-rowindex="1" class="row">
    <span role="columnheader" class="select"><span class="hidden">select to compare</span></span>
    ${COLUMNS.map(
      (column) => html`<span role="columnheader" class=${column.kind} aria-sort=${column.name !== name ? "none" : falling ? "descending" : "ascending"}>
        <button type="button" onClick=${() => amend({ sort: next(column.name) }, { push: true })}>
          ${column.name}<span class="arrow" aria-hidden="true">${column.name !== name ? "" : falling ? "▼" : "▲"}</span>
        </button>
      </span>`,
    )}
  </div>`;
}
