// @ts-check
/**
 * The world by value after any event: a fold over a trace's `world` events, as `traces/world_state.py` has it.
 *
 * Worlds are never changed once they are handed out. Every so often one is kept, so that going anywhere costs a copy
 * of the list of files and a short way on, not the way from the start.
 */
import { applied } from "./patch.js";

/** @typedef {{type: string, digest: string, mode: number}} Entry  digest of a file's content or a link's target */
/** @typedef {{seq: number, why: string}} Fault  from which event on a record can't be followed */
/** @typedef {{value: any, lost: Fault|null}} Service */
/** @typedef {{files: Map<string, Entry>, services: Map<string, Service>, clock: number, fault: Fault|null}} World */

const KEPT_EVERY = 500;
const RECENT = 24;

/** The worlds of one replay. Asking for one that is near is cheap. */
class Worlds {
  /** @param {any[]} events */
  constructor(events) {
    this.changes = events.filter((event) => event.kind === "world");
    /** @type {{count: number, world: World}[]} worlds after so many changes, in order */
    this.kept = [{ count: 0, world: { files: new Map(), services: new Map(), clock: 0, fault: null } }];
    /** @type {Map<number, World>} */
    this.recent = new Map();
  }

  /** The world after the event `seq`, whatever its kind. @param {number} seq @returns {World} */
  at(seq) {
    const count = countUpTo(this.changes, seq, (event) => event.seq);
    const known = this.recent.get(count);
    if (known) return known;
    const world = this.folded(count);
    if (this.recent.size >= RECENT) this.recent.delete(/** @type {number} */ (this.recent.keys().next().value));
    this.recent.set(count, world);
    return world;
  }

  /** @param {number} count */
  folded(count) {
    let from = this.kept.length - 1;
    while (this.kept[from].count > count) from -= 1;
    const world = copied(this.kept[from].world);
    let work = 0;
    for (let at = this.kept[from].count; at < count; at += 1) {
      work += moveOn(world, this.changes[at]);
      const last = this.kept[this.kept.length - 1].count;
      if (at >= last && work >= Math.max(KEPT_EVERY, world.files.size)) {
        this.kept.push({ count: at + 1, world: copied(world) });
        work = 0;
      }
    }
    return world;
  }
}

/** @type {WeakMap<object, Worlds>} */
const known = new WeakMap();

/** @param {any} replay @returns {Worlds} */
export function worldsOf(replay) {
  const found = known.get(replay) ?? new Worlds(replay.events);
  known.set(replay, found);
  return found;
}

/** @param {World} world @returns {World} */
function copied(world) {
  return { ...world, files: new Map(world.files), services: new Map(world.services) };
}

/** Carry out one `world` event on a world of our own; returns how much there was to do. @param {World} world @param {any} event */
function moveOn(world, event) {
  for (const { path, before, after } of event.files) {
    if (!sameEntry(world.files.get(path) ?? null, before)) {
      world.fault ??= { seq: event.seq, why: `${path} is not in the state that this event says it changed` };
    }
    if (after === null) world.files.delete(path);
    else world.files.set(path, after);
  }
  let work = event.files.length;
  for (const [name, patch] of Object.entries(event.services)) {
    world.services.set(name, patched(world.services.get(name), /** @type {any[]} */ (patch), event.seq));
    work += /** @type {any[]} */ (patch).length;
  }
  world.clock = event.clock;
  return work + 1;
}

/** A service whose record broke off stays lost until a patch states it anew as a whole.
 * @param {Service|undefined} before @param {any[]} patch @param {number} seq @returns {Service} */
function patched(before, patch, seq) {
  const anew = patch[0]?.path === "" && (patch[0].op === "replace" || patch[0].op === "add");
  if (before?.lost && !anew) return before;
  try {
    return { value: applied(before?.value ?? null, patch), lost: null };
  } catch (error) {
    return { value: before?.value ?? null, lost: { seq, why: /** @type {Error} */ (error).message } };
  }
}

/** @param {Entry|null|undefined} left @param {Entry|null|undefined} right */
export function sameEntry(left, right) {
  if (!left || !right) return !left && !right;
  return left.type === right.type && left.digest === right.digest && left.mode === right.mode;
}

/** How many of these, which are in order, come up to and with `seq`.
 * @template T @param {T[]} all @param {number} seq @param {(each: T) => number} seqOf */
export function countUpTo(all, seq, seqOf) {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seqOf(all[middle]) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
