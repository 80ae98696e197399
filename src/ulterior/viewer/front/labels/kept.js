// @ts-check
/** Small things that a tab or a browser remembers, and says so to whoever listens on this page. */
import { useEffect, useState } from "../html.js";

const CHANGED = "ulterior-kept";

/** @param {Storage | null} storage @param {string} key */
function read(storage, key) {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null; // storage may be forbidden
  }
}

/** @param {Storage | null} storage @param {string} key @param {string} value */
function write(storage, key, value) {
  try {
    storage?.setItem(key, value);
  } catch {
    // remembered by nobody, then
  }
  window.dispatchEvent(new CustomEvent(CHANGED, { detail: key }));
}

/** @param {"tab" | "browser"} where @returns {Storage | null} */
function storageOf(where) {
  try {
    return where === "tab" ? sessionStorage : localStorage;
  } catch {
    return null;
  }
}

/** What is remembered under a key, now. @param {"tab" | "browser"} where @param {string} key */
export function kept(where, key) {
  return read(storageOf(where), key);
}

/** Remember a word under a key and tell this page. @param {"tab" | "browser"} where @param {string} key @param {string} value */
export function keep(where, key, value) {
  write(storageOf(where), key, value);
}

/** What is remembered under a key, followed. @param {"tab" | "browser"} where @param {string} key
 * @returns {[string | null, (value: string) => void]} */
export function useKept(where, key) {
  const [value, setValue] = useState(() => kept(where, key));
  useEffect(() => {
    const heard = () => setValue(kept(where, key));
    heard();
    window.addEventListener(CHANGED, heard);
    return () => window.removeEventListener(CHANGED, heard);
  }, [where, key]);
  return [value, (next) => keep(where, key, next)];
}
