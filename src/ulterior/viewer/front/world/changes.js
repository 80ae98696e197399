// @ts-check
/** What differs between two worlds, file by file. */
import { sameEntry } from "./state.js";

/** @typedef {import("./state.js").Entry} Entry */
/** @typedef {{kind: "added"|"removed"|"changed", before: Entry|null, after: Entry|null, twin: string|null}} Change
 *    `twin` is the other path of a file that seems to have been renamed */

/** @param {import("./state.js").World} base @param {import("./state.js").World} now @returns {Map<string, Change>} */
export function changesBetween(base, now) {
  /** @type {Map<string, Change>} */
  const changes = new Map();
  for (const [path, after] of now.files) {
    const before = base.files.get(path) ?? null;
    if (!before) changes.set(path, { kind: "added", before, after, twin: null });
    else if (before !== after && !sameEntry(before, after)) changes.set(path, { kind: "changed", before, after, twin: null });
  }
  for (const [path, before] of base.files) {
    if (!now.files.has(path)) changes.set(path, { kind: "removed", before, after: null, twin: null });
  }
  pairUp(changes);
  return changes;
}

/** A file that is gone and a new one with the same content are most likely one that was renamed. @param {Map<string, Change>} changes */
function pairUp(changes) {
  /** @type {Map<string, string>} */
  const gone = new Map();
  for (const [path, change] of changes) {
    if (change.kind === "removed" && change.before?.type === "file") gone.set(change.before.digest, path);
  }
  for (const [path, change] of changes) {
    const twin = change.kind === "added" && change.after?.type === "file" ? gone.get(change.after.digest) : undefined;
    if (twin === undefined) continue;
    change.twin = twin;
    /** @type {Change} */ (changes.get(twin)).twin = path;
    gone.delete(/** @type {Entry} */ (change.after).digest);
  }
}
