// @ts-check
import { useState } from "../html.js";

/** Whether verdicts and identity of an episode are to be hidden, and how to see them all the same.
 * @param {string} study @param {string} episode @returns {{hidden: boolean, seen: boolean, reveal: () => void}} */
export function useVeil(study, episode) {
  const [hidden, hide] = useState(() => sessionStorage.getItem("ulterior-blind") === "on");
  return { hidden, seen: !hidden, reveal: () => hide(false) };
}

/** Remember that this tab has shown what detectors say of an episode. @param {string} study @param {string} episode */
export function markSeen(study, episode) {}
