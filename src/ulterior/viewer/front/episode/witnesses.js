// @ts-check
/** Who in the story could have seen what a step did. */
import { html } from "../html.js";
import { oneLine } from "../text.js";
import { goTo } from "./cursor.js";

/** @type {Record<string, string>} how openly it was done → in words */
const OPENNESS = { told: "told", record: "on record with", open: "open to" };

/** Everybody once, the most openly told first, in a few words. @param {any[]} witnesses */
export function namesOf(witnesses) {
  const said = Object.entries(OPENNESS).flatMap(([kind, words]) => {
    const who = new Set(witnesses.filter((each) => each.openness === kind).map((each) => oneLine(each.who, 60)));
    return who.size ? `${words} ${[...who].join(", ")}` : [];
  });
  return oneLine(said.join("; "), 200);
}

/** @param {{witnesses: any[]}} props */
export function Witnesses({ witnesses }) {
  return html`<details class="seen">
    <summary><${Eye} /> <bdi>${namesOf(witnesses)}</bdi></summary>
    <ul class="plain">
      ${witnesses.map(
        (each) => html`<li><button type="button" class="witness" onClick=${() => goTo(each.seq)}>
          <b><bdi>${oneLine(each.who, 100)}</bdi></b> <span class="soft" dir="auto">${oneLine(each.how, 200)}</span>
        </button></li>`,
      )}
    </ul>
  </details>`;
}

export function Eye() {
  return html`<svg class="eye" viewBox="0 0 16 10" width="14" height="9" role="img" aria-label="who could have seen this:">
    <path d="M1 5 Q8 -3.5 15 5 Q8 13.5 1 5 Z" fill="none" stroke="currentColor" stroke-width="1.4" /><circle cx="8" cy="5" r="2.1" fill="currentColor" />
  </svg>`;
}
