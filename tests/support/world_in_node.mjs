// Answers one question a line with the modules that the pages run.
import { createInterface } from "node:readline";
import { changesBetween } from "./front/world/changes.js";
import { difference, hunksOf } from "./front/world/difference.js";
import { applied } from "./front/world/patch.js";
import { worldsOf } from "./front/world/state.js";
import { rowsOf, treeOf } from "./front/world/tree.js";

const ANSWERS = { worlds, value, lines, rows };

for await (const line of createInterface({ input: process.stdin })) {
  const [[what, question]] = Object.entries(JSON.parse(line));
  console.log(JSON.stringify(ANSWERS[what](question)));
}

/** Step by step, and from the end backwards: jumping has to give the same as going on. */
function worlds(events) {
  const going = worldsOf({ events });
  const in_order = events.map(({ seq }) => plainly(going.at(seq)));
  const jumping = worldsOf({ events });
  const from_the_end = [...events].reverse().map(({ seq }) => plainly(jumping.at(seq))).reverse();
  return { in_order, from_the_end };
}

function plainly({ files, services, clock, fault }) {
  const states = [...services].map(([name, { value, lost }]) => [name, value, lost]);
  return { files: [...files], services: states, clock, fault };
}

function value({ before, patch }) {
  try {
    return { value: applied(before, patch) };
  } catch (error) {
    return { refused: error.message };
  }
}

function lines({ before, after }) {
  const all = difference(before, after);
  return { all, hunks: hunksOf(all) };
}

/** The tree of two worlds with everything open. */
function rows({ base, now }) {
  const [files, before] = [new Map(now), new Map(base)];
  const changes = changesBetween({ files: before }, { files });
  const root = treeOf(new Map([...before, ...files]), changes);
  return rowsOf(root, () => true, new Map());
}
