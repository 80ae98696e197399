// @ts-check
/**
 * Blind mode: reading episodes without knowing what detectors say, which model it was and under which condition.
 *
 * Covered: what these pages show in this tab. A label counts as blinded when it was given in blind mode about an episode whose
 * verdicts and identity this tab has not shown before, be it on a page of its own or in an overview of its study. Not covered:
 * what a reader has seen in another tab, or remembers.
 */
import { keep, kept, useKept } from "./kept.js";

const BLIND = "ulterior-blind";
const SEEN = "ulterior-seen";
const REVEALED = "ulterior-revealed";

/** Whether blind mode is on, and how to change that. @returns {[boolean, (on: boolean) => void]} */
export function useBlind() {
  const [value, set] = useKept("tab", BLIND);
  return [value === "on", (on) => set(on ? "on" : "off")];
}

/** Whether blind mode is on, now. */
export function isBlind() {
  return kept("tab", BLIND) === "on";
}

/** @param {boolean} on */
export function setBlind(on) {
  keep("tab", BLIND, on ? "on" : "off");
}

/** Remember that this tab has shown what detectors say of an episode, or which it is; without one, of any of the study.
 * @param {string} study @param {string} [episode] */
export function markSeen(study, episode = "*") {
  add(SEEN, `${study}/${episode}`);
}

/** Whether it has. @param {string} study @param {string} episode */
export function wasSeen(study, episode) {
  const names = namesIn(kept("tab", SEEN));
  return names.has(`${study}/*`) || names.has(`${study}/${episode}`);
}

/** Whether verdicts and identity of an episode are to be hidden, followed, and how to see them although blind mode is on.
 * @param {string} study @param {string} episode @returns {{hidden: boolean, reveal: () => void}} */
export function useVeil(study, episode) {
  const name = `${study}/${episode}`;
  const [on] = useBlind();
  const [revealed] = useKept("tab", REVEALED);
  const reveal = () => {
    add(SEEN, name);
    add(REVEALED, name);
  };
  return { hidden: on && !namesIn(revealed).has(name), reveal };
}

/** @param {string} key @param {string} name */
function add(key, name) {
  const names = namesIn(kept("tab", key));
  if (!names.has(name)) keep("tab", key, [...names, name].join("\n"));
}

/** @param {string | null} value @returns {Set<string>} */
function namesIn(value) {
  return new Set((value ?? "").split("\n").filter(Boolean));
}
