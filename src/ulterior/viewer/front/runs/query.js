// @ts-check
/**
 * The table without a page: which rows a choice leaves, how many each further choice would leave, and their order.
 *
 * Theory of operation. Columns stay coded as they come: a question is asked once per distinct word, and rows only look
 * the answer up. For every row the filters that turn it down are counted. A row that none turns down is shown; a row
 * that exactly one facet turns down is what this facet would add, so that the counts of all facets need no question of their own.
 */

/** @typedef {string | null} Word  null: the row has none */
/** @typedef {{name: string, values: Word[], codes: ArrayLike<number>, members: number[][], needles: string[]}} Facet
 *   row i has the values `members[codes[i]]`; most columns have one each, flags have several */
/** @typedef {{n: number, ids: string[], facets: Facet[], byName: Map<string, Facet>, numbers: Record<string, (number|null)[]>,
 *   haystack: string, starts: Int32Array, orders: Map<string, Int32Array>}} Index */
/** @typedef {{chosen: Record<string, Word[]>, text: string}} Choice */
/** @typedef {{choice: Choice, fails: Uint8Array, alone: Uint8Array, count: number}} Matches
 *   `fails` counts what turns a row down, `alone` is the last facet that does (1-based, 0: text) */

/** How the words of a column are ordered and told; used for searching and sorting.
 * @typedef {{shown: (column: string, word: string) => string, rank: (column: string, word: string) => number}} Wording */

/** @param {any} table the document's @param {Wording} wording @returns {Index} */
export function indexed(table, wording) {
  const facets = Object.entries(table.words).map(([name, column]) => facetOf(name, column, wording));
  facets.push(facetOf("line", lineOf(table.words.fork, table.n), wording));
  const starts = new Int32Array(table.n + 1);
  const ids = table.ids.map((/** @type {string} */ id) => id.toLowerCase());
  for (let row = 0, at = 0; row < table.n; row += 1) starts[row + 1] = at += ids[row].length + 1;
  return {
    n: table.n,
    ids: table.ids,
    facets,
    byName: new Map(facets.map((facet) => [facet.name, facet])),
    numbers: table.numbers,
    haystack: ids.join("\n"),
    starts,
    orders: new Map(),
  };
}

/** @param {string} name @param {any} column @param {Wording} wording @returns {Facet} */
function facetOf(name, column, wording) {
  /** @type {Word[][]} */
  const words = column.values.map((/** @type {Word} */ word) => (name === "flags" && word !== null ? word.split(" ") : [word]));
  const values = [...new Set(words.flat())].sort((a, b) => inOrder(name, a, b, wording));
  const place = new Map(values.map((word, at) => [word, at]));
  return {
    name,
    values,
    codes: Int32Array.from(column.codes),
    members: words.map((each) => each.map((word) => place.get(word) ?? 0)),
    needles: words.map((each) => each.map((word) => (word === null ? "" : `${word} ${wording.shown(name, word)}`)).join(" ").toLowerCase()),
  };
}

/** Whether a row is in the main line or a fork. @param {any} fork @param {number} n */
function lineOf(fork, n) {
  /** @type {number[]} */
  const codes = fork ? fork.codes.map((/** @type {number} */ code) => (fork.values[code] === null ? 0 : 1)) : new Array(n).fill(0);
  return { values: codes.includes(1) ? ["main", "fork"] : ["main"], codes };
}

const NATURAL = new Intl.Collator("en", { numeric: true });

/** @param {string} name @param {Word} a @param {Word} b @param {Wording} wording */
function inOrder(name, a, b, wording) {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return wording.rank(name, a) - wording.rank(name, b) || NATURAL.compare(a, b) || (a < b ? -1 : 1);
}

/** What a choice leaves. @param {Index} index @param {Choice} choice @returns {Matches} */
export function matching(index, choice) {
  const fails = new Uint8Array(index.n);
  const alone = new Uint8Array(index.n);
  index.facets.forEach((facet, at) => {
    const wanted = choice.chosen[facet.name];
    if (!wanted?.length) return;
    const accepted = facet.members.map((places) => places.some((place) => wanted.includes(facet.values[place] ?? null)));
    const refused = Uint8Array.from(accepted, (yes) => (yes ? 0 : 1));
    for (let row = 0; row < index.n; row += 1) {
      if (refused[facet.codes[row] ?? 0]) {
        fails[row] = (fails[row] ?? 0) + 1;
        alone[row] = at + 1;
      }
    }
  });
  for (const term of termsOf(choice.text)) {
    const hit = found(index, term);
    for (let row = 0; row < index.n; row += 1) {
      if (!hit[row]) {
        fails[row] = (fails[row] ?? 0) + 1;
        alone[row] = 0;
      }
    }
  }
  let count = 0;
  for (let row = 0; row < index.n; row += 1) if (!fails[row]) count += 1;
  return { choice, fails, alone, count };
}

/** The words of a search, all of which must be found. @param {string} text */
function termsOf(text) {
  return [...new Set(text.toLowerCase().split(/\s+/).filter(Boolean))].slice(0, 32);
}

/** The rows that hold a term in a word or in their id. @param {Index} index @param {string} term */
function found(index, term) {
  const hit = new Uint8Array(index.n);
  for (const facet of index.facets) {
    const holds = Uint8Array.from(facet.needles, (needle) => (needle.includes(term) ? 1 : 0));
    if (!holds.includes(1)) continue;
    for (let row = 0; row < index.n; row += 1) if (holds[facet.codes[row] ?? 0]) hit[row] = 1;
  }
  let row = 0;
  for (let at = index.haystack.indexOf(term); at >= 0; at = index.haystack.indexOf(term, index.starts[row] ?? at + 1)) {
    while ((index.starts[row + 1] ?? Infinity) <= at) row += 1;
    hit[row] = 1;
    row += 1;
    if (row >= index.n) break;
  }
  return hit;
}

/** How many rows each value of a facet would leave given all other choices, in the order of its values.
 * @param {Index} index @param {Matches} matches @param {Facet} facet */
export function counted(index, { fails, alone }, facet) {
  const own = index.facets.indexOf(facet) + 1;
  const perCode = new Int32Array(facet.members.length);
  for (let row = 0; row < index.n; row += 1) {
    if (!fails[row] || (fails[row] === 1 && alone[row] === own)) {
      const code = facet.codes[row] ?? 0;
      perCode[code] = (perCode[code] ?? 0) + 1;
    }
  }
  const counts = new Int32Array(facet.values.length);
  facet.members.forEach((places, code) => places.forEach((place) => (counts[place] = (counts[place] ?? 0) + (perCode[code] ?? 0))));
  return counts;
}

/** How many matching rows each cell of the matrix has. @param {Index} index @param {Matches} matches @param {number} cells */
export function perCell(index, { fails }, cells) {
  const counts = new Int32Array(cells);
  const cell = index.numbers.cell ?? [];
  for (let row = 0; row < index.n; row += 1) {
    const at = cell[row];
    if (!fails[row] && at !== null && at !== undefined) counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

/** The matching rows in order. `sort` is a column's name, "-name" for the greatest first, "" for the study's own order;
 * rows without a value come last either way, equal ones stay in the study's order.
 * @param {Index} index @param {Matches} matches @param {string} sort */
export function ordered(index, { fails, count }, sort) {
  const rows = new Int32Array(count);
  const all = inOrderOf(index, sort);
  let at = 0;
  for (const row of all) if (!fails[row]) rows[at++] = row;
  return rows;
}

/** @param {Index} index @param {string} sort */
function inOrderOf(index, sort) {
  const known = index.orders.get(sort);
  if (known) return known;
  const { ranks, most } = ranksOf(index, sort.replace(/^-/, ""));
  const slots = new Int32Array(most + 2);
  const slot = (/** @type {number} */ rank) => (rank < 0 ? most : sort.startsWith("-") ? most - 1 - rank : rank);
  for (const rank of ranks) slots[slot(rank) + 1] = (slots[slot(rank) + 1] ?? 0) + 1;
  for (let at = 1; at < slots.length; at += 1) slots[at] = (slots[at] ?? 0) + (slots[at - 1] ?? 0);
  const order = new Int32Array(index.n);
  ranks.forEach((rank, row) => {
    const at = slots[slot(rank)] ?? 0;
    order[at] = row;
    slots[slot(rank)] = at + 1;
  });
  index.orders.set(sort, order);
  return order;
}

/** The place of every row's value among the distinct ones, -1 without a value. @param {Index} index @param {string} name */
function ranksOf(index, name) {
  const facet = index.byName.get(name);
  if (facet) {
    const first = facet.members.map((places) => {
      const at = Math.min(...places);
      return facet.values[at] === null ? -1 : at;
    });
    return { ranks: Int32Array.from(facet.codes, (code) => first[code] ?? -1), most: facet.values.length };
  }
  if (name === "id") {
    const place = new Map([...index.ids].sort().map((id, at) => [id, at]));
    return { ranks: Int32Array.from(index.ids, (id) => place.get(id) ?? -1), most: index.n };
  }
  const keys = (Object.hasOwn(index.numbers, name) && index.numbers[name]) || new Array(index.n).fill(null);
  const sorted = Float64Array.from(/** @type {number[]} */ (keys.filter((key) => key !== null))).sort();
  return { ranks: Int32Array.from(keys, (key) => (key === null ? -1 : firstAt(sorted, key))), most: sorted.length };
}

/** Where a number first stands. @param {Float64Array} sorted @param {number} key */
function firstAt(sorted, key) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (sorted[middle]) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
