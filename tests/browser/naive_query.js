// What the runs page asks of its table, answered row by row without any cleverness, against the module that is quick.
// Evaluated in the page by test_runs_page.py; gives the differences, none if all is well.
async ([tables, questions]) => {
  const quick = await import("/runs/query.js");
  const address = await import("/runs/address.js");
  let state = 1;
  const dice = (most) => (state = (state * 48271) % 2147483647) % most;
  const pick = (words) => words[dice(words.length)];
  const WORDS = {
    scenario: ["a1", "a2", "a10", null],
    model: ["sim/x", "sim/y,z", "~", "", "Über"],
    outcome: ["covert", "kept", "open", null],
    flags: ["one", "one two", "two three", null],
    fork: [null, null, "parent"],
  };
  const wording = { shown: (_, word) => `«${word}»`, rank: (_, word) => (word === "kept" ? 0 : 1) };

  const madeUp = (n) => {
    const rows = Array.from({ length: n }, (_, at) => ({
      ...Object.fromEntries(Object.entries(WORDS).map(([name, words]) => [name, pick(words)])),
      id: `${dice(16).toString(16)}Ab${at}`,
      turns: pick([null, 0, -1, 2.5, 7, 7, 30]),
      cell: pick([null, 0, 1, 2]),
    }));
    const coded = (name) => {
      const values = [...new Set(rows.map((row) => row[name]))];
      return { values, codes: rows.map((row) => values.indexOf(row[name])) };
    };
    const words = Object.fromEntries(Object.keys(WORDS).map((name) => [name, coded(name)]));
    const numbers = { turns: rows.map((row) => row.turns), cell: rows.map((row) => row.cell) };
    rows.forEach((row) => (row.line = row.fork === null ? "main" : "fork"));
    return { rows, table: { n, ids: rows.map((row) => row.id), words, numbers } };
  };
  const wordsOf = (row, name) => (name === "flags" && row.flags !== null ? row.flags.split(" ") : [row[name]]);
  const accepts = (row, name, wanted) => !wanted?.length || wordsOf(row, name).some((word) => wanted.includes(word));
  const FACETS = [...Object.keys(WORDS), "line"];
  const says = (row, term) =>
    [row.id, ...FACETS.map((name) => row[name]).filter((word) => word !== null)].some((word) => word.toLowerCase().includes(term));
  const finds = (row, text) => text.toLowerCase().split(/\s+/).filter(Boolean).every((term) => says(row, term));
  const natural = new Intl.Collator("en", { numeric: true });
  const rankOf = (word) => (word === "kept" ? 0 : 1);
  const compared = (name, a, b) =>
    name === "turns" ? a - b : name === "id" ? (a < b ? -1 : a > b ? 1 : 0) : rankOf(a) - rankOf(b) || natural.compare(a, b);
  const sorted = (rows, sort) => {
    const name = sort.replace("-", "");
    if (!name) return rows;
    const sign = sort.startsWith("-") ? -1 : 1;
    const key = (row) => row[name];
    return [...rows].sort((a, b) =>
      key(a) === null || key(b) === null ? Number(key(a) === null) - Number(key(b) === null) : sign * compared(name, key(a), key(b)),
    );
  };

  const wrong = [];
  const same = (what, found, wanted) => {
    if (JSON.stringify(found) !== JSON.stringify(wanted)) wrong.push([what, found, wanted]);
  };
  for (let round = 0; round < tables; round += 1) {
    const { rows, table } = madeUp(dice(40));
    const index = quick.indexed(table, wording);
    for (let asked = 0; asked < questions; asked += 1) {
      const chosen = {};
      for (const name of FACETS) if (dice(3) === 0) chosen[name] = [pick(WORDS[name] ?? ["main", "fork"]), pick(WORDS[name] ?? ["main"])];
      chosen.flags &&= chosen.flags.map((word) => word?.split(" ")[0] ?? null);
      const text = pick(["", "", " ", "one", "A1", "sim x", "b1 KEPT", "nowhere", "ü", "ab ab"]);
      const sort = pick(["", "scenario", "-scenario", "outcome", "-outcome", "turns", "-turns", "id", "-id"]);
      const packed = Object.fromEntries(Object.entries(chosen).map(([name, words]) => [name, address.packed(words)]));
      const choice = address.choiceIn({ ...packed, q: text }, FACETS);
      same("address", choice, { chosen, text });
      const matches = quick.matching(index, choice);
      const left = rows.filter((row) => FACETS.every((name) => accepts(row, name, chosen[name])) && finds(row, text));
      same(`rows ${sort}`, [...quick.ordered(index, matches, sort)].map((at) => table.ids[at]), sorted(left, sort).map((row) => row.id));
      same("count", matches.count, left.length);
      same("cells", [...quick.perCell(index, matches, 3)], [0, 1, 2].map((cell) => left.filter((row) => row.cell === cell).length));
      for (const facet of index.facets) {
        const others = rows.filter((row) => FACETS.every((name) => name === facet.name || accepts(row, name, chosen[name])) && finds(row, text));
        const wanted = facet.values.map((word) => others.filter((row) => wordsOf(row, facet.name).includes(word)).length);
        same(`counts of ${facet.name}`, [...quick.counted(index, matches, facet)], wanted);
      }
    }
  }
  return wrong.slice(0, 5);
}
