// @ts-check
/**
 * What kind of service a state is, told by its shape, and which of its items are new or other than before. States come
 * out of traces: nothing here takes for granted that a field is what its name says.
 */
import { same } from "./patch.js";

/** @typedef {Map<string, any>} Items */
/** @typedef {{kind: string, fields: string[], items: (state: any) => Items}} Shape */

/** @type {Shape[]} */
const SHAPES = [
  { kind: "mailbox", fields: ["owner", "contacts", "mails"], items: (state) => itemsOf("mail", state.mails, "id") },
  { kind: "chat", fields: ["owner", "colleagues", "messages"], items: (state) => itemsOf("message", state.messages) },
  {
    kind: "ledger",
    fields: ["unit", "quotas", "entries"],
    items: (state) => new Map([...itemsOf("entry", state.entries, "no"), ...itemsOf("quota", state.quotas)]),
  },
  {
    kind: "tickets",
    fields: ["tickets", "pulls"],
    items: (state) => new Map([...itemsOf("ticket", state.tickets, "id"), ...itemsOf("pull", state.pulls, "number")]),
  },
  { kind: "approvals", fields: ["desk", "requests", "rulings"], items: (state) => itemsOf("request", state.requests, "id") },
  { kind: "forms", fields: ["forms", "submissions"], items: (state) => itemsOf("submission", state.submissions) },
];

/** @type {Shape} what a service of a scenario's own holds, two levels deep */
const OTHER = {
  kind: "other",
  fields: [],
  items: (state) => new Map(entriesOf(state).flatMap(([name, value]) => [...itemsOf(name, value)])),
};

/** @param {any} state @returns {Shape} */
export function shapeOf(state) {
  const isObject = state !== null && typeof state === "object" && !Array.isArray(state);
  return (isObject && SHAPES.find((shape) => shape.fields.every((field) => Object.hasOwn(state, field)))) || OTHER;
}

/** Items by a name of their own: by a field that tells them apart, or by their place.
 * @param {string} word @param {any} value @param {string} [by] @returns {Items} */
function itemsOf(word, value, by) {
  if (Array.isArray(value)) return new Map(value.map((each, index) => [`${word} ${by ? textOf(each?.[by]) : index}`, each]));
  if (value === null || typeof value !== "object") return new Map([[word, value]]);
  return new Map(entriesOf(value).map(([name, each]) => [`${word} ${name}`, each]));
}

/** How many items of each service differ. @param {import("./state.js").World} base @param {import("./state.js").World} now @returns {Map<string, number>} */
export function serviceChanges(base, now) {
  const counts = new Map();
  for (const [name, { value }] of now.services) {
    const before = base.services.get(name)?.value ?? null;
    counts.set(name, before === value ? 0 : differing(before, value));
  }
  return counts;
}

/** @param {any} before @param {any} now */
function differing(before, now) {
  const shape = shapeOf(now);
  const old = before === null ? new Map() : shape.items(before);
  const items = shape.items(now);
  const other = [...items].filter(([name, item]) => !same(item, old.get(name))).length;
  return other + [...old.keys()].filter((name) => !items.has(name)).length;
}

/** Says of an item whether it is new, changed, or neither ("") against the base.
 * @param {any} before @param {any} now @returns {(name: string) => ""|"new"|"changed"} */
export function freshness(before, now) {
  const shape = shapeOf(now);
  if (before === null || before === now) return () => "";
  const old = shape.items(before);
  const items = shape.items(now);
  return (name) => (!old.has(name) ? "new" : same(old.get(name), items.get(name)) ? "" : "changed");
}

/** @param {any} value @returns {any[]} */
export function listOf(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {any} value @returns {[string, any][]} */
export function entriesOf(value) {
  return value !== null && typeof value === "object" ? Object.entries(value) : [];
}

/** @param {any} value @returns {string} */
export function textOf(value) {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}

/** @param {any} value @returns {number} */
export function numberOf(value) {
  return typeof value === "number" ? value : 0;
}
