// @ts-check
/** Which scenarios of the matrix are folded, as the address says it: `fold=all` or `none`, then those that differ from it. */
import { packed, unpacked } from "./address.js";

const MANY = 40;

/** @param {Record<string, string>} params @param {{name: string, rows: any[]}[]} scenarios */
export function foldingOf(params, scenarios) {
  const many = scenarios.reduce((rows, scenario) => rows + scenario.rows.length, 0) > MANY;
  const [first, ...rest] = params.fold ? unpacked(params.fold) : [many ? "all" : "none"];
  const differing = new Set(rest);
  const isFolded = (/** @type {string} */ name) => (first === "all") !== differing.has(name);
  return {
    isFolded,
    anyFolded: scenarios.some(({ name }) => isFolded(name)),
    /** @param {boolean} fold */
    all: (fold) => ({ fold: fold ? "all" : "none" }),
    /** @param {string} name */
    toggled(name) {
      const next = new Set(differing);
      if (!next.delete(name)) next.add(name);
      return { fold: packed([first ?? "none", ...next]) };
    },
  };
}
