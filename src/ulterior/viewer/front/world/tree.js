// @ts-check
/** Files as the rows of a tree: folders in which there is nothing but one folder share a row with it. */

/** @typedef {import("./state.js").Entry} Entry */
/** @typedef {import("./changes.js").Change} Change */
/** @typedef {{path: string, name: string, entry: Entry|null, change: Change|null, folders: Node[], files: Node[], inside: number, size: number}} Node
 *    `inside`: how many changes there are below it; `size`: how many files */
/** @typedef {{path: string, name: string, level: number, entry: Entry|null, change: Change|null, folder: boolean, open: boolean, inside: number, size: number, left: number}} Row
 *    `left` > 0: no file, but so many more of the folder `path` that aren't shown yet */

const AT_ONCE = 200;

/** @param {Iterable<[string, Entry]>} files @param {Map<string, Change>} changes @returns {Node} */
export function treeOf(files, changes) {
  const root = node("", "");
  /** @type {Map<string, Node>} */
  const folders = new Map([["", root]]);
  for (const [path, entry] of files) place(folders, path, entry, changes.get(path) ?? null);
  for (const folder of [...folders.values()]) settle(folder);
  count(root);
  return root;
}

/** @param {string} path @param {string} name @returns {Node} */
function node(path, name) {
  return { path, name, entry: null, change: null, folders: [], files: [], inside: 0, size: 0 };
}

/** @param {Map<string, Node>} folders @param {string} path @param {Entry} entry @param {Change|null} change */
function place(folders, path, entry, change) {
  if (entry.type === "directory") {
    Object.assign(folderAt(folders, path), { entry, change });
    return;
  }
  const cut = path.lastIndexOf("/");
  const leaf = { ...node(path, path.slice(cut + 1)), entry, change };
  folderAt(folders, path.slice(0, Math.max(0, cut))).files.push(leaf);
}

/** The folder of a path, with those above it. @param {Map<string, Node>} folders @param {string} path @returns {Node} */
function folderAt(folders, path) {
  /** @type {Node[]} */
  const missing = [];
  let found;
  for (let at = path; !(found = folders.get(at)); at = at.slice(0, Math.max(0, at.lastIndexOf("/")))) {
    const folder = node(at, at.slice(at.lastIndexOf("/") + 1));
    folders.set(at, folder);
    missing.push(folder);
  }
  for (const folder of missing.reverse()) {
    found.folders.push(folder);
    found = folder;
  }
  return found;
}

/** @param {Node} folder */
function settle(folder) {
  const byName = (/** @type {Node} */ a, /** @type {Node} */ b) => (a.path < b.path ? -1 : 1);
  folder.folders.sort(byName);
  folder.files.sort(byName);
}

/** @param {Node} root */
function count(root) {
  /** @type {Node[]} */
  const order = [root];
  for (let at = 0; at < order.length; at += 1) order.push(...order[at].folders);
  for (const folder of order.reverse()) {
    folder.size = folder.files.length + folder.folders.reduce((sum, each) => sum + each.size, 0);
    folder.inside =
      folder.files.filter((file) => file.change).length +
      folder.folders.reduce((sum, each) => sum + each.inside + (each.change ? 1 : 0), 0);
  }
}

/** The rows that can be seen. @param {Node} root @param {(folder: Node, level: number) => boolean} isOpen
 * @param {Map<string, number>} shown how many files of a folder are shown, where it isn't the usual number @returns {Row[]} */
export function rowsOf(root, isOpen, shown) {
  /** @type {Row[]} */
  const rows = [];
  inside(root, 1);
  return rows;

  /** @param {Node} folder @param {number} level */
  function inside(folder, level) {
    for (const each of folder.folders) {
      const { last, name, change } = joined(each);
      const open = isOpen(last, level);
      rows.push({ ...rowOf(last, name, level), change, folder: true, open });
      if (open) inside(last, level + 1);
    }
    const limit = shown.get(folder.path) ?? AT_ONCE;
    for (const file of folder.files.slice(0, limit)) rows.push(rowOf(file, file.name, level));
    const left = folder.files.length - limit;
    if (left > 0) rows.push({ ...rowOf(folder, "", level), change: null, left });
  }
}

/** How many files of a folder are shown after "more". @param {Map<string, number>} shown @param {string} path */
export function moreOf(shown, path) {
  return new Map(shown).set(path, (shown.get(path) ?? AT_ONCE) + 5 * AT_ONCE);
}

/** A folder with those inside it that are alone there. @param {Node} folder */
function joined(folder) {
  let last = folder;
  let name = folder.name;
  let change = folder.change;
  while (last.files.length === 0 && last.folders.length === 1) {
    last = last.folders[0];
    name += `/${last.name}`;
    change = last.change ?? change;
  }
  return { last, name, change };
}

/** @param {Node} from @param {string} name @param {number} level @returns {Row} */
function rowOf(from, name, level) {
  const { path, entry, change, inside, size } = from;
  return { path, name, level, entry, change, folder: false, open: false, inside, size, left: 0 };
}
