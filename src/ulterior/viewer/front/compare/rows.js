// @ts-check
/** The steps of two episodes beside each other: what is equal is folded, what differs is open. */
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { amend, link } from "../route.js";
import { oneLine } from "../text.js";
import { DIFFERENCES, where } from "./parting.js";
import { Side } from "./side.js";
import { summaryOf } from "./summary.js";

/** @typedef {import("./align.js").Row} Row */

const AT_ONCE = 200;

/** @param {{a: any, b: any, rows: Row[], current: number | null, names: string[], moved: boolean}} props */
export function Rows({ a, b, rows, current, names, moved }) {
  const stretches = useMemo(() => folded(rows), [rows]);
  const [asked, setAsked] = useState(AT_ONCE);
  const here = stretches.findIndex((stretch) => stretch.to > (current ?? 0));
  const shown = Math.max(asked, here + AT_ONCE / 2);
  return html`<h2 class="hidden">Step by step</h2>
    <div class="pair-names" aria-hidden="true"><span><b>A</b> ${names[0]}</span><span><b>B</b> ${names[1]}</span></div>
    <ol class="pairs">
      ${stretches.slice(0, shown).map((stretch) =>
        stretch.equal
          ? html`<${Equal} key=${stretch.from} a=${a} b=${b} rows=${rows.slice(stretch.from, stretch.to)} />`
          : html`<${Pair} key=${stretch.from} a=${a} b=${b} row=${rows[stretch.from]} n=${stretch.from} current=${current === stretch.from} moved=${moved} />`,
      )}
    </ol>
    ${shown < stretches.length && html`<button type="button" class="more" onClick=${() => setAsked(shown + AT_ONCE)}>show more: ${stretches.length - shown} stretches</button>`}`;
}

/** Equal rows in a run, differing ones each by itself. @param {Row[]} rows */
function folded(rows) {
  /** @type {{equal: boolean, from: number, to: number}[]} */
  const out = [];
  rows.forEach((row, n) => {
    const last = out.at(-1);
    if (row.differs.length === 0 && last?.equal) last.to = n + 1;
    else out.push({ equal: row.differs.length === 0, from: n, to: n + 1 });
  });
  return out;
}

/** @param {{a: any, b: any, rows: Row[]}} props */
function Equal({ a, b, rows }) {
  const shared = rows.filter((row) => row.shared).length;
  const what = `${rows.length} equal ${rows.length === 1 ? "step" : "steps"}${shared ? `, ${shared === rows.length ? "" : `${shared} of them `}shared before the fork` : ""}`;
  return html`<li class="equal">
    <details>
      <summary>${what}</summary>
      <ul>
        ${rows.map((row) => {
          const step = a.steps[row.a ?? 0];
          return html`<li>
            <span class="place">${where(row)}</span> ${oneLine(step.title, 120)}
            ${" "}<a href=${place(a, row.a)} aria-label=${`A, step ${(row.a ?? 0) + 1}`}>A</a> <a href=${place(b, row.b)} aria-label=${`B, step ${(row.b ?? 0) + 1}`}>B</a>
          </li>`;
        })}
      </ul>
    </details>
  </li>`;
}

/** @param {{a: any, b: any, row: Row, n: number, current: boolean, moved: boolean}} props */
function Pair({ a, b, row, n, current, moved }) {
  const own = useRef(/** @type {HTMLElement | null} */ (null));
  const [left, right] = useMemo(
    () => [row.a === null ? null : summaryOf(a, a.steps[row.a]), row.b === null ? null : summaryOf(b, b.steps[row.b])],
    [a, b, row],
  );
  useEffect(() => {
    if (current && moved) own.current?.scrollIntoView({ block: "center", behavior: "instant" });
  }, [current, moved]);
  return html`<li class=${`pair ${current ? "current" : ""}`} ref=${own} aria-current=${current ? "true" : undefined}>
    <h3>
      <button type="button" class="quiet place" onClick=${() => amend({ row: n })}>${where(row)}</button>
      <span class="how">${row.shared && "shared before the fork, edited: "}${row.differs.map((what) => DIFFERENCES[what]).join(", ")}</span>
    </h3>
    <div class="sides">
      ${side("A", a, row.a, left, right)}
      ${side("B", b, row.b, right, left)}
    </div>
  </li>`;
}

/** @param {string} name @param {any} replay @param {number | null} n @param {any} mine @param {any} theirs */
function side(name, replay, n, mine, theirs) {
  if (n === null) return html`<div class="side none" role="group" aria-label=${`Episode ${name}: no such step`}><p>no such step</p></div>`;
  return html`<div class="side" role="group" aria-label=${`Episode ${name}, step ${n + 1}`}>
    <p class="side-title"><a href=${place(replay, n)}>${oneLine(replay.steps[n].title, 120)}</a>${turn(replay.steps[n])}</p>
    <${Side} mine=${mine} theirs=${theirs} first=${name === "A"} />
  </div>`;
}

/** @param {any} step */
function turn(step) {
  return step.turn === null ? "" : html`<small> turn ${step.turn}</small>`;
}

/** @param {any} replay @param {number | null} n */
function place(replay, n) {
  const { study, episode } = replay.about;
  return link(["s", study, "e", episode], { ev: n === null ? null : replay.steps[n].first });
}
