// @ts-check
/** Two episodes side by side: who they are, what became of them, and the step at which they part. */
import { html, useLayoutEffect, useMemo } from "../html.js";
import { Waiting, useDocument } from "../loading.js";
import { amend, parse } from "../route.js";
import { oneLine } from "../text.js";
import { align } from "./align.js";
import { CompareHead, nameOf } from "./head.js";
import { Parting } from "./parting.js";
import { Picker } from "./picker.js";
import { Rows } from "./rows.js";

/** @param {{catalog: any, params: Record<string, string>}} props */
export function ComparePage({ catalog, params }) {
  if (!params.a || !params.b) return html`<${Picker} catalog=${catalog} params=${params} />`;
  return html`<${Both} key=${`${params.a} ${params.b}`} params=${params} />`;
}

/** @param {{params: Record<string, string>}} props */
function Both({ params }) {
  const a = useDocument(`episode/${params.a}`);
  const b = useDocument(`episode/${params.b}`);
  if (!a.found || !b.found) {
    return html`<${Waiting} failed=${a.failed ?? b.failed} what="two episodes" />
      ${(a.failed || b.failed) && html`<p><button type="button" onClick=${() => amend({ [a.failed ? "a" : "b"]: null }, { push: true })}>Choose another one</button></p>`}`;
  }
  return html`<${Compared} a=${a.found} b=${b.found} params=${params} />`;
}

/** @param {{a: any, b: any, params: Record<string, string>}} props */
function Compared({ a, b, params }) {
  const alignment = useMemo(() => align(a, b), [a, b]);
  const stops = useMemo(() => alignment.rows.flatMap((row, n) => (row.differs.length ? [n] : [])), [alignment]);
  /** @param {string | undefined} row */
  const stopAt = (row) => (row !== undefined && stops.includes(Number(row)) ? Number(row) : (alignment.parted ?? stops[0] ?? null));
  const current = stopAt(params.row);
  /** @param {number} by */
  const step = (by) => {
    const at = stops.indexOf(stopAt(parse(location.hash).params.row) ?? -1); // keys may come faster than pages are drawn
    const next = stops[Math.min(stops.length - 1, Math.max(0, at + by))];
    if (next !== undefined) amend({ row: next });
  };
  useKeys({ n: () => step(1), p: () => step(-1) });
  return html`<section class="compare">
    <h1>Two episodes of ${oneLine(a.about.title === b.about.title ? a.about.title : `${a.about.title} and ${b.about.title}`, 120)}</h1>
    <${CompareHead} a=${a} b=${b} />
    <${Parting} a=${a} b=${b} alignment=${alignment} stops=${stops} current=${current} step=${step} />
    <${Rows} a=${a} b=${b} rows=${alignment.rows} current=${current} names=${[nameOf(a.about), nameOf(b.about)]} moved=${params.row !== undefined} />
  </section>`;
}

/** Keys of the page, while nobody types. @param {Record<string, () => void>} keys */
function useKeys(keys) {
  // With the drawing, not after it: what is seen can be used.
  useLayoutEffect(() => {
    /** @param {KeyboardEvent} event */
    const heard = (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest?.("input, textarea, select, dialog")) return;
      const run = keys[event.key];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", heard);
    return () => window.removeEventListener("keydown", heard);
  });
}
