// @ts-check
/**
 * Where the reader is, all of it in the address behind the #, so that a link works from a server, a file and a folder:
 *
 *   #/s/STUDY?model=sim/covert&q=text&sort=seed      the runs table
 *   #/s/STUDY/e/EPISODE?ev=12&f=disclosure.overrun&diff=start
 *   #/s/STUDY/forks?x=EXPERIMENT
 *   #/s/STUDY/labels
 *   #/compare?a=STUDY/EPISODE&b=STUDY/EPISODE        two episodes
 *   #/flips?a=STUDY&b=STUDY                          two studies
 */
import { useEffect, useState } from "./html.js";

/** @typedef {{path: string[], params: Record<string, string>}} Route */

/** @param {string} hash @returns {Route} */
export function parse(hash) {
  const [path, query] = hash.replace(/^#\/?/, "").split("?", 2);
  return {
    path: (path ?? "").split("/").filter(Boolean).map(decoded),
    params: Object.fromEntries(new URLSearchParams(query ?? "")),
  };
}

/** @param {string[]} path @param {Record<string, string|number|null|undefined>} [params] */
export function link(path, params = {}) {
  const query = queryOf(params);
  return `#/${path.map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
}

/** What stands behind the question mark. @param {Record<string, string|number|null|undefined>} params */
export function queryOf(params) {
  return Object.entries(params)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => `${escaped(name)}=${readable(escaped(String(value)))}`)
    .join("&");
}

/** @param {string} word */
function escaped(word) {
  return new URLSearchParams([["", word]]).toString().slice(1);
}

/** What needs no escape in a value behind a #, so that addresses can be read. @param {string} value */
function readable(value) {
  return value.replace(/%(?:2F|2C|3A|3D|40|7E)/g, decodeURIComponent);
}

/** Change some parameters of where we are; null removes one. Moving a cursor replaces, going somewhere pushes.
 * @param {Record<string, string|number|null|undefined>} changes @param {{push?: boolean}} [how] */
export function amend(changes, { push = false } = {}) {
  const { path, params } = parse(location.hash);
  const target = link(path, { ...params, ...changes });
  if (target === location.hash) return;
  if (push) location.hash = target;
  else {
    history.replaceState(history.state, "", target);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  }
}

/** @returns {Route} */
export function useRoute() {
  const [route, setRoute] = useState(() => parse(location.hash));
  useEffect(() => {
    const changed = () => setRoute(parse(location.hash));
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return route;
}

/** @param {string} word */
function decoded(word) {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
