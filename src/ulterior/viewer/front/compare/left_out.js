// @ts-check
/** What is in no number, and why. */
import { html } from "../html.js";
import { oneLine } from "../text.js";

/** @param {{counts?: Record<string, number>, what: string, lead?: string}} props `what`: the plural of what is counted */
export function LeftOut({ counts, what, lead = "left out: " }) {
  const named = Object.entries(counts ?? {});
  if (named.length === 0) return null;
  return html`<span class="left-out">${lead}${named.map(([reason, count]) => `${count} ${what} (${oneLine(reason, 120)})`).join("; ")}</span>`;
}
