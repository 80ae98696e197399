// @ts-check
/**
 * JSON patches (RFC 6902) between values that are never changed in place, as `traces/patch.py` has them: only what
 * lies on the way to a change is copied, the rest is shared with the value before.
 *
 * Keys come out of traces. They are only ever looked up as own properties and written to objects without a
 * prototype, so `__proto__` and `constructor` are names like any other.
 */

/** @typedef {{op: string, path: string, from?: string, value?: any}} Operation */
/** @typedef {(holder: any, key: any) => void} Edit  changes a container, which is a fresh copy, at a key or index */

/** The value after a patch. Throws when it doesn't apply; `value` stays as it is.
 * @param {any} value @param {Operation[]} patch @returns {any} */
export function applied(value, patch) {
  return patch.reduce(one, value);
}

/** @param {any} value @param {Operation} operation */
function one(value, operation) {
  const parts = partsOf(operation.path);
  switch (operation.op) {
    case "add":
      return changed(value, parts, (holder, key) => insert(holder, key, given(operation)));
    case "replace":
      return changed(value, parts, (holder, key) => assign(holder, key, given(operation)));
    case "remove":
      return changed(value, parts, remove);
    case "move": {
      const from = partsOf(operation.from);
      const moved = found(value, from);
      return changed(changed(value, from, remove), parts, (holder, key) => insert(holder, key, moved));
    }
    case "copy": {
      const copy = found(value, partsOf(operation.from));
      return changed(value, parts, (holder, key) => insert(holder, key, copy));
    }
    case "test":
      if (!same(found(value, parts), given(operation))) throw new Error("the value is another one");
      return value;
    default:
      throw new Error("not a patch operation");
  }
}

/** Whether two JSON values are the same, however deep they are. @param {any} left @param {any} right @returns {boolean} */
export function same(left, right) {
  const pairs = [[left, right]];
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [one, other] = pair;
    if (one === other) continue;
    if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
    const names = Object.keys(one);
    if (Array.isArray(one) !== Array.isArray(other) || names.length !== Object.keys(other).length) return false;
    for (const name of names) {
      if (!Object.hasOwn(other, name)) return false;
      pairs.push([one[name], other[name]]);
    }
  }
  return true;
}

/** @param {any} value @param {string[]} parts @param {Edit} edit */
function changed(value, parts, edit) {
  /** @type {any} */
  let holder = [value]; // so that the whole value has a place to be edited at, too
  const root = holder;
  /** @type {any} */
  let key = 0;
  for (const part of parts) {
    const twin = copied(held(holder, key));
    holder[key] = twin;
    holder = twin;
    key = keyOf(twin, part);
  }
  edit(holder, key);
  return held(root, 0);
}

/** @param {any} container */
function copied(container) {
  if (Array.isArray(container)) return container.slice();
  if (container !== null && typeof container === "object") return Object.assign(Object.create(null), container);
  throw new Error("there is nothing inside");
}

/** @param {any} value @param {string[]} parts */
function found(value, parts) {
  return parts.reduce((inside, part) => held(inside, keyOf(inside, part)), value);
}

/** What stands at a key. @param {any} container @param {string|number} key */
function held(container, key) {
  if (!Object.hasOwn(container, key)) throw new Error(`there is no ${key}`);
  return container[key];
}

/** A part of a pointer as the key or index that it means. @param {any} container @param {string} part */
function keyOf(container, part) {
  if (!Array.isArray(container)) {
    if (container === null || typeof container !== "object") throw new Error("there is nothing inside");
    return part;
  }
  if (part === "-") return container.length;
  if (!/^(0|[1-9][0-9]*)$/.test(part)) throw new Error(`${part} is no index`);
  return Number(part);
}

/** @param {any} holder @param {any} key @param {any} value */
function insert(holder, key, value) {
  if (!Array.isArray(holder)) holder[key] = value;
  else if (key <= holder.length) holder.splice(key, 0, value);
  else throw new Error(`there is no place ${key}`);
}

/** @param {any} holder @param {any} key @param {any} value */
function assign(holder, key, value) {
  held(holder, key); // must be there
  holder[key] = value;
}

/** @param {any} holder @param {any} key */
function remove(holder, key) {
  held(holder, key);
  if (Array.isArray(holder)) holder.splice(key, 1);
  else delete holder[key];
}

/** @param {Operation} operation */
function given(operation) {
  if (!Object.hasOwn(operation, "value")) throw new Error("it names no value");
  return operation.value;
}

/** @param {unknown} pointer */
function partsOf(pointer) {
  if (typeof pointer !== "string" || (pointer !== "" && !pointer.startsWith("/"))) throw new Error("not a JSON pointer");
  return pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
