// @ts-check
/**
 * What the runs page shows, as the address says it, and back: `model=sim/covert&outcome=covert,broken&q=text&sort=-tokens`.
 *
 * Values of one facet stand between commas; in a value `~.` is a comma, `~~` a tilde, and `~-` alone is "has none".
 */
import { link, queryOf } from "../route.js";

/** @typedef {import("./query.js").Word} Word */

/** Parameters that are no facets. */
const OWN = ["q", "sort", "m", "fold", "narrow"];
/** The facets that say which cell of the matrix an episode is in. */
const PLACES = ["scenario", "condition", "model", "purpose", "sandbox"];

/** @param {string} facet */
export function isPlace(facet) {
  return PLACES.includes(facet) || facet.startsWith("factor:");
}

/** @param {Word[]} words */
export function packed(words) {
  return words.map((word) => (word === null ? "~-" : word === "" ? "~_" : word.replaceAll("~", "~~").replaceAll(",", "~."))).join(",");
}

/** @param {string|undefined} value @returns {Word[]} */
export function unpacked(value) {
  if (!value) return [];
  return value.split(",").map((word) => {
    if (word === "~-") return null;
    if (word === "~_") return "";
    return word.replace(/~([~.])/g, (_, mark) => (mark === "." ? "," : "~"));
  });
}

/** What is chosen, of the facets that there are. @param {Record<string, string>} params @param {Iterable<string>} facets
 * @returns {import("./query.js").Choice} */
export function choiceIn(params, facets) {
  /** @type {Record<string, Word[]>} */
  const chosen = {};
  for (const name of facets) {
    const words = unpacked(params[name]);
    if (words.length) chosen[name] = words;
  }
  return { chosen, text: params.q ?? "" };
}

/** The address of this page with some words chosen instead of all else that filters.
 * @param {string} study @param {Record<string, string>} params @param {Record<string, Word[]>} chosen */
export function filtered(study, params, chosen) {
  return link(["s", study], { ...kept(params, (name) => name !== "q" && OWN.includes(name)), ...packedAll(chosen) });
}

/** The address of this page without any place; what is asked besides stays. @param {string} study @param {Record<string, string>} params */
export function everywhere(study, params) {
  return link(["s", study], kept(params, (name) => !isPlace(name)));
}

/** The same address with one place in it. @param {string} address @param {Record<string, Word[]>} place */
export function placed(address, place) {
  return `${address}${address.includes("?") ? "&" : "?"}${queryOf(packedAll(place))}`;
}

/** @param {Record<string, Word[]>} chosen */
function packedAll(chosen) {
  return Object.fromEntries(Object.entries(chosen).map(([name, words]) => [name, packed(words)]));
}

/** @param {Record<string, string>} params @param {(name: string) => boolean} keep */
function kept(params, keep) {
  return Object.fromEntries(Object.entries(params).filter(([name]) => keep(name)));
}

/** The changes that take all filters away. @param {import("./query.js").Choice} choice @returns {Record<string, null>} */
export function cleared(choice) {
  return Object.fromEntries([...Object.keys(choice.chosen), "q"].map((name) => [name, null]));
}
