// Answers one question a line: the world after each event of a trace, or a value after a patch.
import { createInterface } from "node:readline";
import { applied } from "./patch.js";
import { Worlds } from "./state.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { events, value, patch } = JSON.parse(line);
  console.log(JSON.stringify(events ? worldsAfter(events) : valueAfter(value, patch)));
}

function valueAfter(value, patch) {
  try {
    return { value: applied(value, patch) };
  } catch (error) {
    return { refused: error.message };
  }
}

/** Step by step, and from the end backwards: jumping has to give the same as going on. */
function worldsAfter(events) {
  const worlds = new Worlds(events);
  const in_order = events.map(({ seq }) => plainly(worlds.at(seq)));
  const fresh = new Worlds(events);
  const from_the_end = [...events].reverse().map(({ seq }) => plainly(fresh.at(seq))).reverse();
  return { in_order, from_the_end };
}

function plainly({ files, services, clock, fault }) {
  const states = [...services].map(([name, { value, lost }]) => [name, value, lost]);
  return { files: [...files], services: states, clock, fault };
}
