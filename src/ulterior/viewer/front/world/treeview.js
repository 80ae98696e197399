// @ts-check
/**
 * The tree of files. ↑ and ↓ go through it, Enter opens a file or a folder, ← and → close and open a folder; on a file
 * they are left to the page, where they go through the steps.
 */
import { html, useLayoutEffect, useMemo, useRef, useState } from "../html.js";
import { oneLine } from "../text.js";
import { counted, Sign } from "./marks.js";
import { moreOf, rowsOf } from "./tree.js";

/** @typedef {import("./tree.js").Row} Row */
/** @typedef {import("./tree.js").Node} Node */

const ALL_OPEN = 120;

/** @param {{root: Node, chosen: string|null, choose: (path: string) => void}} props */
export function TreeView({ root, chosen, choose }) {
  const [toggled, setToggled] = useState(/** @type {Map<string, boolean>} */ (new Map()));
  const [shown, setShown] = useState(/** @type {Map<string, number>} */ (new Map()));
  const [cursor, setCursor] = useState(`file ${chosen}`);
  const list = useRef(/** @type {HTMLElement|null} */ (null));
  const rows = useMemo(() => rowsOf(root, (folder, level) => toggled.get(folder.path) ?? openAtFirst(root, folder, level), shown), [root, toggled, shown]);
  const current = rows.some((row) => keyOf(row) === cursor) ? cursor : rows[0] && keyOf(rows[0]);

  useLayoutEffect(() => bringIntoView(list.current, rows.findIndex((row) => isChosen(row, chosen))), [chosen, root]);

  /** @param {Row} row */
  const open = (row) => {
    setCursor(keyOf(row));
    if (row.left) setShown(moreOf(shown, row.path));
    else if (row.folder) setToggled(new Map(toggled).set(row.path, !row.open));
    else choose(row.path);
  };
  /** @param {KeyboardEvent} event */
  const pressed = (event) => {
    const items = [...(list.current?.children ?? [])];
    const at = items.indexOf(/** @type {Element} */ (document.activeElement));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[at];
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (next !== undefined) /** @type {HTMLElement|undefined} */ (items[next])?.focus();
    else if (event.key === "Enter" || event.key === " ") open(row);
    else if (row.folder && event.key === (row.open ? "ArrowLeft" : "ArrowRight")) open(row);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the page has these keys, too
  };
  return html`<ul class="tree" role="tree" aria-label="Files" ref=${list} onKeyDown=${pressed}>
    ${rows.map(
      (row) =>
        html`<${Item} key=${keyOf(row)} row=${row} chosen=${isChosen(row, chosen)}
          reachable=${keyOf(row) === current} open=${() => open(row)} reached=${() => setCursor(keyOf(row))} />`,
    )}
  </ul>`;
}

/** @param {{row: Row, chosen: boolean, reachable: boolean, open: () => void, reached: () => void}} props */
function Item({ row, chosen, reachable, open, reached }) {
  const folded = row.folder && !row.open && row.inside > 0;
  return html`<li role="treeitem" class=${row.folder ? "folder" : "file"} tabindex=${reachable ? 0 : -1} aria-level=${row.level}
    aria-selected=${String(chosen)} aria-expanded=${row.folder ? String(row.open) : undefined}
    style=${{ "--level": row.level }} title=${oneLine(row.path, 400)} onClick=${open} onFocus=${reached}>
    <span class="twist" aria-hidden="true">${row.folder ? (row.open ? "▾" : "▸") : ""}</span>
    <span class="name">${row.left ? `show more: ${counted(row.left, "file")}` : oneLine(row.name, 120) || "(no name)"}${row.folder && "/"}</span>
    ${row.change?.twin && html`<span class="soft">renamed</span>`}
    ${row.entry?.type === "link" && html`<span class="soft">link</span>`}
    ${folded && html`<span class="soft">${row.inside} changed inside</span>`}
    ${row.change ? html`<${Sign} kind=${row.change.kind} />` : html`<span class="change"></span>`}
  </li>`;
}

/** Only the tree scrolls, never the page. @param {HTMLElement|null} list @param {number} index */
function bringIntoView(list, index) {
  const item = /** @type {HTMLElement|undefined} */ (list?.children[index]);
  if (!list || !item) return;
  const above = item.offsetTop - list.scrollTop;
  if (above < 0 || above + item.offsetHeight > list.clientHeight) list.scrollTop = item.offsetTop - list.clientHeight / 2;
}

/** @param {Row} row @param {string|null} chosen */
function isChosen(row, chosen) {
  return !row.folder && !row.left && row.path === chosen;
}

/** @param {Row} row */
function keyOf(row) {
  return `${row.left ? "more" : row.folder ? "in" : "file"} ${row.path}`; // a hostile path may be both a file and a folder
}

/** A small tree is open as a whole, a large one at its top and where something has changed.
 * @param {Node} root @param {Node} folder @param {number} level */
function openAtFirst(root, folder, level) {
  if (root.size <= ALL_OPEN || (folder.inside > 0 && root.inside <= ALL_OPEN)) return true;
  return level === 1 && folder.files.length + folder.folders.length <= ALL_OPEN;
}
