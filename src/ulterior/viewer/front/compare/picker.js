// @ts-check
/** What to set an episode beside, when only one is chosen or none. */
import { html, useMemo, useState } from "../html.js";
import { Waiting, useDocument } from "../loading.js";
import { link } from "../route.js";
import { oneLine } from "../text.js";
import { Outcome, plain, shortId } from "../words.js";
import { listedIn, othersOf } from "./others.js";

const MOST = 40;

/** @param {{catalog: any, params: Record<string, string>}} props */
export function Picker({ catalog, params }) {
  const given = params.a ?? params.b;
  const [key, episode] = (given ?? "").split("/");
  const study = key || params.study || catalog.studies[0]?.key;
  const { found, failed } = useDocument(`runs/${study}`);
  const rows = useMemo(() => (found ? listedIn(found.table) : []), [found]);
  const free = params.a ? "b" : "a";
  if (!found) return html`<${Waiting} failed=${failed} what="the episodes to choose from" />`;
  const own = rows.find((row) => row.id === episode);
  return html`<section class="picker">
    <h1>Two episodes side by side</h1>
    ${own
      ? html`<p>One is <a href=${link(["s", study, "e", own.id])}>${shortId(own.id)}</a>, <${Described} row=${own} />. What should stand beside it?</p>
          ${othersOf(rows, own.id).map((group) => html`<${Group} key=${group.title} title=${group.title} rows=${group.rows} study=${study} free=${free} params=${params} />`)}`
      : html`<p>Choose one; then what to set beside it.</p>`}
    <${ByWords} key=${study} rows=${rows} own=${own?.id} study=${study} free=${free} params=${params} title=${own ? "Any other episode" : "Episodes"} />
    ${catalog.studies.length > 1 && !own && html`<p>Other studies: ${catalog.studies.filter((/** @type {any} */ each) => each.key !== study).map(
      (/** @type {any} */ each) => html`<a href=${link(["compare"], { study: each.key })}>${oneLine(each.name, 60)}</a> `)}</p>`}
  </section>`;
}

/** @param {{title: string, rows: import("./others.js").Listed[], study: string, free: string, params: Record<string, string>}} props */
function Group({ title, rows, study, free, params }) {
  return html`<h2>${title}</h2>
    <ul class="choices-of-episodes">
      ${rows.slice(0, MOST).map((row) => html`<li key=${row.id}>
        <a class="choice" href=${link(["compare"], { ...params, [free]: `${study}/${row.id}` })}>${shortId(row.id)}</a>
        <span><${Described} row=${row} /></span>
      </li>`)}
    </ul>
    ${rows.length > MOST && html`<p class="soft">and ${rows.length - MOST} more</p>`}`;
}

/** @param {{row: import("./others.js").Listed}} props */
function Described({ row }) {
  const words = [row.scenario && plain(row.scenario), row.model, row.condition, row.seed === null ? null : `seed ${row.seed}`, row.epoch ? `epoch ${row.epoch}` : null, row.fork && `fork of ${shortId(row.fork)}`];
  return html`<${Outcome} outcome=${row.outcome} /> ${words.filter(Boolean).map((word) => oneLine(/** @type {string} */ (word), 100)).join(", ")}`;
}

/** @param {{rows: import("./others.js").Listed[], own?: string, study: string, free: string, params: Record<string, string>, title: string}} props */
function ByWords({ rows, own, study, free, params, title }) {
  const [typed, setTyped] = useState("");
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = rows.filter((row) => {
    const text = [row.id, row.scenario, row.model, row.condition, `seed ${row.seed}`, row.outcome].join(" ").toLowerCase();
    return row.id !== own && words.every((word) => text.includes(word));
  });
  return html`<div class="by-words">
    <p><label>Words of scenario, model, condition, outcome, or an id <input type="search" value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.target.value)} /></label></p>
    ${(typed || !own) && html`<${Group} title=${`${title} (${fitting.length})`} rows=${fitting} study=${study} free=${free} params=${params} />`}
  </div>`;
}
