// @ts-check
/** The files of the world at a step: which there are, what differs from the base, and one of them in full. */
import { html, useMemo } from "../html.js";
import { amend } from "../route.js";
import { File } from "./file.js";
import { counted } from "./marks.js";
import { treeOf } from "./tree.js";
import { TreeView } from "./treeview.js";

/** @typedef {import("./changes.js").Change} Change */

const MANY = 60;

/** @param {{replay: any, world: import("./state.js").World, changes: Map<string, Change>, against: string|null,
 *   touches: Map<string, import("./touches.js").Touch[]>, step: number, params: Record<string, string>}} props */
export function Files({ replay, world, changes, against, touches, step, params }) {
  const total = [...world.files.values()].filter((entry) => entry.type !== "directory").length;
  const changedOnly = changes.size > 0 && (params.files ? params.files === "changed" : total > MANY);
  const root = useMemo(() => treeOf(listed(world, changes, changedOnly), changes), [world, changes, changedOnly]);
  const chosen = params.file ?? firstChanged(changes);
  const entry = chosen === null ? null : (world.files.get(chosen) ?? null);
  const close = params.file === undefined ? null : () => amend({ file: null });
  return html`
    <p class="count">
      ${counted(total, "file")}${against !== null && `, ${changes.size ? `${changes.size.toLocaleString("en")} changed` : "none changed"} since ${against}`}
      ${changes.size > 0 &&
      html`<label><input type="checkbox" checked=${changedOnly} onChange=${() => amend({ files: changedOnly ? "all" : "changed" })} /> changed only</label>`}
    </p>
    ${root.size + root.folders.length > 0
      ? html`<${TreeView} root=${root} chosen=${chosen} choose=${(/** @type {string} */ path) => amend({ file: path })} />`
      : html`<p class="note">There are no files.</p>`}
    ${chosen !== null
      ? html`<${File} key=${chosen} path=${chosen} entry=${entry} change=${changes.get(chosen) ?? null} against=${against ?? "the start"}
          contents=${replay.contents} touches=${touches.get(chosen) ?? []} step=${step} close=${close} />`
      : html`<p class="note">Choose a file to see what is in it.</p>`}
  `;
}

/** What the tree holds: all there is and all that is gone, or only what differs.
 * @param {import("./state.js").World} world @param {Map<string, Change>} changes @param {boolean} changedOnly
 * @returns {[string, import("./state.js").Entry][]} */
function listed(world, changes, changedOnly) {
  /** @type {[string, import("./state.js").Entry][]} */
  const found = changedOnly ? [] : [...world.files];
  for (const [path, change] of changes) {
    const entry = change.after ?? change.before;
    if (entry && (changedOnly || change.kind === "removed")) found.push([path, entry]);
  }
  return found;
}

/** Somebody who goes from step to step sees what each of them changed. @param {Map<string, Change>} changes @returns {string|null} */
function firstChanged(changes) {
  const paths = [...changes].filter(([, change]) => (change.after ?? change.before)?.type !== "directory").map(([path]) => path);
  return paths.sort()[0] ?? null;
}
