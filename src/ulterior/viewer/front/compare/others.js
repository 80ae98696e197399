// @ts-check
/** Which episodes of a study it makes sense to set beside one, out of the study's table. */

/** @typedef {{id: string, scenario: string | null, model: string | null, condition: string | null, seed: number | null, epoch: number | null,
 *   outcome: string, fork: string | null}} Listed */
/** @typedef {{title: string, rows: Listed[]}} Group */

/** @param {any} table the runs document's @returns {Listed[]} */
export function listedIn(table) {
  /** @param {string} name @param {number} row */
  const word = (name, row) => {
    const column = table.words[name];
    return column ? column.values[column.codes[row]] : null;
  };
  return table.ids.map((/** @type {string} */ id, /** @type {number} */ row) => ({
    id,
    scenario: word("scenario", row),
    model: word("model", row),
    condition: word("condition", row),
    seed: table.numbers.seed[row],
    epoch: table.numbers.epoch[row],
    outcome: word("outcome", row) ?? "unscored",
    fork: word("fork", row),
  }));
}

/** @param {Listed[]} rows @param {string} episode @returns {Group[]} */
export function othersOf(rows, episode) {
  const own = rows.find((row) => row.id === episode);
  if (!own) return [];
  const others = rows.filter((row) => row.id !== episode);
  const main = own.fork === null ? others.filter((row) => row.fork === null && row.scenario === own.scenario) : [];
  /** @param {Listed} row */
  const instance = (row) => row.seed === own.seed && row.epoch === own.epoch;
  const groups = [
    { title: "The parent that it left", rows: others.filter((row) => row.id === own.fork) },
    { title: "Its forks", rows: others.filter((row) => row.fork === episode) },
    { title: "Forks of the same parent", rows: own.fork === null ? [] : others.filter((row) => row.fork === own.fork) },
    { title: "Same instance and model, other condition", rows: main.filter((row) => instance(row) && row.model === own.model && row.condition !== own.condition) },
    { title: "Same instance and condition, other model", rows: main.filter((row) => instance(row) && row.condition === own.condition && row.model !== own.model) },
    { title: "Same model and condition, another instance or repetition", rows: main.filter((row) => row.model === own.model && row.condition === own.condition && !instance(row)) },
  ];
  return groups.filter((group) => group.rows.length > 0);
}
