// @ts-check
/**
 * Studies that change while somebody looks: what the server says, and which documents are old by it.
 *
 * One connection for each study, however many parts of a page listen, and none while the page can't be seen: a browser
 * allows six to one server, and researchers open more tabs than that.
 */
import { useEffect, useState } from "./html.js";
import { WHERE, forget, load } from "./documents.js";
import { credentials } from "./token.js";

/** @typedef {{version: number, start: string, episodes: number, changed: string[], running: string[]}} Update */
/** @typedef {{listeners: Set<(update: Update) => void>, version: number | null, start: string | null, stop: AbortController | null}} Line */

const AGAIN = 3000; // milliseconds until a connection that was lost is tried again

/** @type {Map<string, Line>} */
const lines = new Map();
const reach = new EventTarget();
let lost = false;

/** Whether the server was there and does not answer any more. @returns {boolean} */
export function useLost() {
  const [now, setNow] = useState(lost);
  useEffect(() => {
    const heard = () => setNow(lost);
    reach.addEventListener("change", heard);
    return () => reach.removeEventListener("change", heard);
  }, []);
  return now;
}

/** @param {boolean} now */
function sayLost(now) {
  if (now === lost) return;
  lost = now;
  reach.dispatchEvent(new Event("change"));
}

/** A number that grows when the study changes, or, with an episode, when that episode does.
 * @param {string} study @param {string} [episode] @returns {number} */
export function useLive(study, episode) {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    if (WHERE !== "server") return;
    return listen(study, (update) => {
      if (!episode || update.changed.length === 0 || update.changed.includes(episode)) setVersion((before) => before + 1);
    });
  }, [study, episode]);
  return version;
}

/** @param {string} study @param {(update: Update) => void} told @returns {() => void} */
function listen(study, told) {
  const line = lines.get(study) ?? { listeners: new Set(), version: null, start: null, stop: null };
  lines.set(study, line);
  line.listeners.add(told);
  attend(study, line);
  return () => {
    line.listeners.delete(told);
    attend(study, line);
  };
}

/** Connect where somebody listens and can see it, disconnect where not. @param {string} study @param {Line} line */
function attend(study, line) {
  const wanted = line.listeners.size > 0 && !document.hidden;
  if (wanted && !line.stop) {
    line.stop = new AbortController();
    follow(study, line, line.stop.signal);
  } else if (!wanted && line.stop) {
    line.stop.abort();
    line.stop = null;
  }
}

/** @param {string} study @param {Line} line @param {AbortSignal} signal */
async function follow(study, line, signal) {
  while (!signal.aborted) {
    try {
      line.version ??= await knownAtFirst(study);
      await hear(study, line, signal);
    } catch {
      if (!signal.aborted) sayLost(true); // the server was stopped; it is asked again
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
}

/** The version that documents have at least, since they were asked for after the catalog. @param {string} study @returns {Promise<number>} */
async function knownAtFirst(study) {
  const catalog = await load("catalog");
  return catalog.studies.find((/** @type {any} */ each) => each.key === study)?.version ?? 0;
}

/** @param {string} study @param {Line} line @param {AbortSignal} signal */
async function hear(study, line, signal) {
  const answer = await fetch(`live/${encodeURIComponent(study)}`, { signal, headers: credentials() });
  sayLost(false);
  const reader = answer.ok && answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) if (event.startsWith("data: ")) heard(study, line, JSON.parse(event.slice(6)));
  }
}

/** @param {string} study @param {Line} line @param {Update} update */
function heard(study, line, update) {
  const restarted = line.start !== null && line.start !== update.start;
  const missed = restarted || line.version === null || update.version > line.version + 1 || update.changed.length === 0;
  const news = restarted || update.version !== line.version;
  line.version = update.version;
  line.start = update.start;
  if (!news) return;
  for (const kind of [`runs/${study}`, `forks/${study}`, "flips/"]) forget(kind);
  if (missed) forget(`episode/${study}/`);
  for (const episode of update.changed) forget(`episode/${study}/${episode}`);
  for (const told of line.listeners) told(missed ? { ...update, changed: [] } : update);
}

if (WHERE === "server") {
  document.addEventListener("visibilitychange", () => {
    for (const [study, line] of lines) attend(study, line);
  });
}
