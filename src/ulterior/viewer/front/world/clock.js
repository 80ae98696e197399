// @ts-check
/** The world's own clock at a step, and what moved it there. */
import { html } from "../html.js";
import { oneLine } from "../text.js";
import { causeOf, toolsOf } from "./touches.js";
import { duration, moment } from "./moments.js";

/** @param {{replay: any, step: number, clock: number, start: number}} props */
export function Clock({ replay, step, clock, start }) {
  const moves = movesOf(replay, step);
  const moved = moves.reduce((sum, move) => sum + move.seconds, 0);
  return html`<div class="clock">
    <p>
      <time>${moment(clock, true)}</time>
      <span class="soft"> world time, ${clock === start ? "the start" : `${duration(clock - start)} since the start`}</span>
    </p>
    ${moves.length > 0 &&
    html`<details>
      <summary>${moved ? `this step took ${duration(moved)}` : "this step took no time"}</summary>
      <ul>${moves.map((move) => html`<li>${move.seconds ? duration(move.seconds) : "no time"}: ${oneLine(move.who, 80)}</li>`)}</ul>
    </details>`}
  </div>`;
}

/** @param {any} replay @param {number} step @returns {{seconds: number, who: string}[]} */
function movesOf(replay, step) {
  if (step === 0) return [];
  const { first, last } = replay.steps[step];
  let clock = replay.steps[step - 1].clock;
  const inside = replay.events.slice(first, last + 1).filter((/** @type {any} */ event) => event.kind === "world");
  const tools = toolsOf(replay.events.slice(first, last + 1));
  return inside.map((/** @type {any} */ event) => {
    const seconds = event.clock - clock;
    clock = event.clock;
    return { seconds, who: causeOf(event.cause, tools).who };
  });
}
