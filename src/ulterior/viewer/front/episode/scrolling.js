// @ts-check
/** The page follows the cursor: what it points at comes into view, by no more than it must. */
import { useLayoutEffect, useRef } from "../html.js";

/** `still` is set by whoever moves the cursor to something that is in view.
 * @param {import("./record.js").Record_} record @param {import("./cursor.js").Cursor} cursor @param {{current: boolean}} still */
export function useFollowing(record, cursor, still) {
  const before = useRef(/** @type {import("./cursor.js").Cursor|null} */ (null));
  useLayoutEffect(() => {
    const last = before.current;
    before.current = cursor;
    const asked = still.current;
    still.current = false;
    if (asked || (last === null && atBeginning(record, cursor))) return;
    const proved = atProof(record, cursor) && (cursor.finding !== last?.finding || cursor.proof !== last?.proof);
    show(record, cursor, proved);
    if (proved) showInRail();
  }, [cursor.ev, cursor.finding, cursor.proof]);
}

/** Whether the cursor is where the chosen proof is. @param {import("./record.js").Record_} record @param {import("./cursor.js").Cursor} cursor */
function atProof(record, cursor) {
  const finding = record.replay.findings.find((/** @type {any} */ each) => each.id === cursor.finding);
  return finding?.proofs[cursor.proof]?.seq === cursor.ev;
}

/** @param {import("./record.js").Record_} record @param {import("./cursor.js").Cursor} cursor */
function atBeginning(record, cursor) {
  return cursor.finding === undefined && cursor.ev === record.steps[0]?.first;
}

/** @param {import("./record.js").Record_} record @param {import("./cursor.js").Cursor} cursor @param {boolean} proved */
function show(record, cursor, proved) {
  const words = proved ? document.querySelector(".replay mark.current, .replay .cited.current") : null;
  if (words) return words.scrollIntoView({ block: "center" });
  const isStep = record.steps[cursor.step]?.first === cursor.ev;
  const step = document.querySelector(`.replay article[data-step="${cursor.step}"]`);
  const target = isStep ? step : (document.getElementById(`ev-${cursor.ev}`) ?? step);
  if (target) bring(target, isStep);
}

/** The rail scrolls by itself, and the page with the words stays where it is. */
function showInRail() {
  const rail = document.querySelector(".rail");
  const chosen = rail?.querySelector(".proof[aria-current]");
  if (!rail || !chosen) return;
  const [outer, inner] = [rail.getBoundingClientRect(), chosen.getBoundingClientRect()];
  const bottom = Math.min(outer.bottom, innerHeight);
  if (inner.top < outer.top) rail.scrollTop -= outer.top - inner.top + 40;
  else if (inner.bottom > bottom) rail.scrollTop += inner.bottom - bottom + 40;
}

/** Into the part of the window that nothing covers; its beginning, where it is too tall. @param {Element} target @param {boolean} top */
function bring(target, top) {
  const box = target.getBoundingClientRect();
  const covered = parseFloat(getComputedStyle(target).scrollMarginTop) || 0;
  if (!top && box.top >= covered && box.bottom <= innerHeight) return;
  target.scrollIntoView({ block: top || box.height > innerHeight - covered || box.top < covered ? "start" : "center" });
}
