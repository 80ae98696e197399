// @ts-check
/** A study: what it is, its matrix, and every episode of it, narrowed down by what the address says. */
import { html, useCallback, useEffect, useMemo, useRef, useState } from "../html.js";
import { useDocument, Waiting } from "../loading.js";
import { rankOf, shownAs } from "../words.js";
import { useLive } from "../live.js";
import { choiceIn } from "./address.js";
import { Filters } from "./filters.js";
import { Head } from "./head.js";
import { Matrix } from "./matrix.js";
import { indexed, matching, ordered, perCell } from "./query.js";
import { EpisodeTable } from "./table.js";

const WORDING = { shown: shownAs, rank: rankOf };

/** @param {{catalog: any, study: string, params: Record<string, string>}} props */
export function RunsPage({ catalog, study, params }) {
  const version = useLive(study);
  const { found, failed } = useDocument(`runs/${study}`, version);
  if (!found) return html`<${Waiting} failed=${failed} what="the episodes of this study" />`;
  return html`<${Study} catalog=${catalog} runs=${found} params=${params} />`;
}

/** @param {{catalog: any, runs: any, params: Record<string, string>}} props */
function Study({ catalog, runs, params }) {
  const table = useRef(/** @type {HTMLElement|null} */ (null));
  const index = useMemo(() => indexed(runs.table, WORDING), [runs]);
  const choice = useChoice(index, params);
  const matches = useMemo(() => matching(index, choice), [index, choice]);
  const sort = params.sort ?? "";
  const rows = useMemo(() => ordered(index, matches, sort), [index, matches, sort]);
  const late = useLater(useMemo(() => ({ index, runs, params, choice, matches }), [runs, JSON.stringify(params), matches]));
  const matrix = useMemo(() => {
    const { runs, params, choice } = late;
    return { runs, params, choice, matching: perCell(late.index, late.matches, runs.cells.length) };
  }, [late]);
  const toTable = useCallback(() => table.current?.scrollIntoView({ block: "nearest" }), []);
  const kept = JSON.stringify([params.m, params.sort, params.fold, params.narrow]);
  return html`<div class="runs">
    ${useMemo(() => html`<${Head} catalog=${catalog} runs=${runs} params=${params} />`, [catalog, runs, kept])}
    ${useMemo(() => html`<${Matrix} ...${matrix} onPlace=${toTable} />`, [matrix])}
    <section ref=${table} aria-labelledby="episodes">
      <h2 id="episodes">Episodes</h2>
      <${Filters} index=${index} matches=${matches} />
      <${EpisodeTable} study=${runs.study.key} table=${runs.table} index=${index} rows=${rows} sort=${sort} choice=${choice} />
    </section>
  </div>`;
}

/** A value one frame late: what it draws is dear, and must not keep a key press from being seen. @template T @param {T} value @returns {T} */
function useLater(value) {
  const [late, setLate] = useState(value);
  useEffect(() => {
    let timer = 0;
    const frame = requestAnimationFrame(() => (timer = setTimeout(() => setLate(value), 0)));
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [value]);
  return late;
}

/** The choice in the address, the same object as long as it says the same. @param {import("./query.js").Index} index
 * @param {Record<string, string>} params @returns {import("./query.js").Choice} */
function useChoice(index, params) {
  const choice = choiceIn(params, index.byName.keys());
  return useMemo(() => choice, [JSON.stringify(choice), index]);
}
