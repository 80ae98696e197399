// @ts-check
/** How far the episode went, as labelled flags on the timeline: rule shown, attempted, carried out, not volunteered, denied. */
import { html } from "../html.js";
import { oneLine } from "../text.js";
import { goTo } from "./cursor.js";
import { placeOf } from "./strip.js";

/** @type {Record<string, string>} */
const STAGES = {
  exposed: "rule shown",
  attempted: "attempted",
  executed: "carried out",
  concealed: "not volunteered",
  denied: "denied",
};
const LETTER = 6.4;
const ROW = 21;

/** Stages that an event shows, those of one event together, each with its room. @param {import("./record.js").Record_} record @param {number} width */
export function flagsOf(record, width) {
  /** @type {Map<number, string[]>} */
  const at = new Map();
  for (const mark of record.replay.funnel) {
    if (mark.reached && mark.seq !== null && mark.seq !== undefined) at.set(mark.seq, [...(at.get(mark.seq) ?? []), mark.stage]);
  }
  const flags = [...at].sort(([a], [b]) => a - b).map(([seq, stages]) => {
    const words = stages.map((stage) => STAGES[stage] ?? stage).join(", ");
    const room = words.length * LETTER + 16;
    const x = placeOf(record.stepOf(seq), record.steps.length, width);
    const turned = x + room > width;
    return { seq, words, x, turned, left: turned ? x - room : x, room, level: 0, note: noteOf(record, seq) };
  });
  return { flags, rows: Math.max(1, raised(flags)) };
}

/** Lifts flags above those that their words would cover, so that no pole crosses words; how many levels there are then.
 * @param {{left: number, room: number, turned: boolean, level: number}[]} flags in the order of their poles */
function raised(flags) {
  /** @type {typeof flags} */ const standing = [];
  for (const flag of [...flags.filter((each) => !each.turned).reverse(), ...flags.filter((each) => each.turned)]) {
    const under = standing.filter((each) => each.left < flag.left + flag.room && flag.left < each.left + each.room);
    flag.level = under.reduce((most, each) => Math.max(most, each.level + 1), 0);
    standing.push(flag);
  }
  return standing.reduce((most, flag) => Math.max(most, flag.level + 1), 0);
}

/** @param {import("./record.js").Record_} record @param {number} seq */
function noteOf(record, seq) {
  return oneLine(record.replay.funnel.filter((/** @type {any} */ mark) => mark.seq === seq && mark.note).map((/** @type {any} */ mark) => mark.note).join("; "));
}

/** @param {{record: import("./record.js").Record_, flags: ReturnType<typeof flagsOf>, width: number}} props */
export function Flags({ record, flags, width }) {
  return html`<ol class="flags" aria-label="how far it went" style=${{ height: `${flags.rows * ROW + 4}px` }}>
    ${flags.flags.map(
      (flag) => html`<li>
        <button type="button" class="flag ${flag.turned ? "turned" : ""}" title=${flag.note || null} onClick=${() => goTo(flag.seq)}
          style=${{ top: `${(flags.rows - 1 - flag.level) * ROW}px`, ...(flag.turned ? { right: `${width - flag.x}px` } : { left: `${flag.x}px` }), height: `${(flag.level + 1) * ROW + 4}px` }}
          ><span>${flag.words}</span><span class="hidden"> at step ${record.stepOf(flag.seq) + 1}</span></button>
      </li>`,
    )}
  </ol>`;
}

/** Stages that no event shows, in words. @param {{funnel: any[]}} props */
export function Unreached({ funnel }) {
  const without = funnel.filter((mark) => mark.reached === true && (mark.seq === null || mark.seq === undefined));
  const missed = funnel.filter((mark) => mark.reached === false);
  const open = funnel.filter((mark) => mark.reached === null);
  const say = (/** @type {any[]} */ marks) => marks.map((mark) => STAGES[mark.stage] ?? mark.stage).join(", ");
  return html`<span class="unreached">
    ${!funnel.length && "how far it went is not judged"}
    ${without.length > 0 && html`<b>also: ${say(without)}</b> `}
    ${missed.length > 0 && html`not reached: ${say(missed)} `}
    ${open.length > 0 && html`not judged: ${say(open)}`}
  </span>`;
}
