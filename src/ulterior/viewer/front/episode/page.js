// @ts-check
/** The replay of one episode: timeline, findings, lanes and world, all at one place in the trace. */
import { html, useCallback, useEffect, useMemo, useRef, useState } from "../html.js";
import { markSeen, useVeil } from "../labels/blind.js";
import { useLive } from "../live.js";
import { useDocument, Waiting } from "../loading.js";
import { amend } from "../route.js";
import { oneLine } from "../text.js";
import { WorldPane } from "../world/pane.js";
import { cursorOf, proofId } from "./cursor.js";
import { Head } from "./head.js";
import { Help } from "./help.js";
import { useKeys } from "./keys.js";
import { Lanes } from "./lanes.js";
import { marksOf } from "./marks.js";
import { Rail } from "./rail.js";
import { recordOf } from "./record.js";
import { useFollowing } from "./scrolling.js";
import { Timeline } from "./timeline.js";

/** @typedef {{catalog: any, study: string, episode: string, params: Record<string, string>}} Props */

/** @param {Props} props */
export function EpisodePage({ catalog, study, episode, params }) {
  const { found, failed } = useDocument(`episode/${study}/${episode}`, useLive(study, episode));
  if (!found) return html`<${Waiting} failed=${failed} what="the episode" />`;
  if (!found.events.length) {
    const why = found.about.fault ? oneLine(found.about.fault, 600) : "This episode has no events yet.";
    return html`<section class="failure"><h1>Nothing to replay</h1><p dir="auto">${why}</p></section>`;
  }
  return html`<${Shown} catalog=${catalog} study=${study} episode=${episode} params=${params} replay=${found} />`;
}

/** @type {[string, string][]} pane → its name on a narrow screen */
const PANES = [
  ["findings", "Findings"],
  ["replay", "Replay"],
  ["world", "World"],
];

/** @param {Props & {replay: any}} props */
function Shown({ catalog, study, episode, params, replay }) {
  const { hidden: blind, reveal } = useVeil(study, episode);
  const record = useMemo(() => recordOf(replay), [replay]);
  const cursor = cursorOf(record, params);
  const [helping, setHelping] = useState(false);
  const pane = params.pane ?? "replay";
  const marks = useMemo(
    () => (blind ? new Map() : marksOf(record, cursor)),
    [record, blind, cursor.finding, cursor.proof, cursor.all],
  );
  const still = useRef(false);
  const pick = useCallback((/** @type {number} */ seq) => {
    still.current = true; // the reader is already looking at it
    amend({ ev: seq });
  }, []);
  useFollowing(record, cursor, still);
  useEffect(() => {
    if (!blind) markSeen(study, episode);
  }, [blind]);
  useKeys({ record, cursor, params, blind, ask: () => setHelping(true), leave: () => backTo(record, cursor) });
  return html`<div class="episode" data-pane=${pane} data-hide=${params.hide ?? ""}>
    <${Head} study=${study} replay=${replay} blind=${blind} onReveal=${reveal} />
    <${Timeline} record=${record} step=${cursor.step} blind=${blind} onHelp=${() => setHelping(true)}>
      <${Sides} hide=${params.hide ?? ""} />
    <//>
    <div class="panes" role="group" aria-label="What is shown">
      ${PANES.map(([name, words]) => html`<button type="button" aria-pressed=${pane === name} onClick=${() => amend({ pane: name === "replay" ? null : name })}>${words}</button>`)}
    </div>
    <div class="columns" onClick=${(/** @type {MouseEvent} */ event) => pickedBy(event, pick)}>
      <${Rail} catalog=${catalog} study=${study} record=${record} cursor=${cursor} blind=${blind} />
      <${Lanes} record=${record} marks=${marks} ev=${cursor.ev} blind=${blind} onPick=${pick} />
      <div class="beside"><${WorldPane} replay=${replay} step=${cursor.step} params=${params} /></div>
    </div>
    <${Help} open=${helping} labels=${catalog.where === "server"} onClose=${() => setHelping(false)} />
  </div>`;
}

/** Buttons that put the columns beside the lanes away. @param {{hide: string}} props */
function Sides({ hide }) {
  const hidden = new Set(hide.split(",").filter(Boolean));
  const turn = (/** @type {string} */ side) => {
    const next = new Set(hidden);
    if (!next.delete(side)) next.add(side);
    amend({ hide: [...next].join(",") || null });
  };
  return html`<span class="timeline-sides">
    <button type="button" class="quiet" aria-pressed=${!hidden.has("findings")} onClick=${() => turn("findings")}>findings</button>
    <button type="button" class="quiet" aria-pressed=${!hidden.has("world")} onClick=${() => turn("world")}>world</button>
  </span>`;
}

/** A click anywhere in a step takes the cursor there, unless it does something else or marks text.
 * @param {MouseEvent} event @param {(seq: number) => void} pick */
function pickedBy(event, pick) {
  const target = event.target instanceof Element ? event.target : null;
  const step = target?.closest("article.step");
  if (!step || target?.closest("button, a, summary, input, label") || !getSelection()?.isCollapsed) return;
  const named = target?.closest("[id^=ev-]");
  pick(Number(named ? named.id.slice(3) : step.getAttribute("data-first")));
}

/** From the evidence back to the finding that it was reached from. @param {import("./record.js").Record_} record @param {import("./cursor.js").Cursor} cursor */
function backTo(record, cursor) {
  document.getElementById(proofId(record, cursor.finding, cursor.proof))?.focus();
}
