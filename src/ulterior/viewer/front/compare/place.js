// @ts-check
/** The place of an event as people read it. */

/** The step that an event belongs to, counted from 1; the event itself where the steps around it aren't known. A fork has its
 * parent's events up to the one that it left behind, so either of them may be asked.
 * @param {any} replay @param {number} seq */
export function placeOf(replay, seq) {
  const at = replay.steps.findIndex((/** @type {any} */ step) => step.first <= seq && seq <= step.last);
  return at < 0 ? `event ${seq}` : `step ${at + 1}`;
}
