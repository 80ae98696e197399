// @ts-check
/** What a step changed in the world, each thing a way to look at it. */
import { html } from "../html.js";
import { amend } from "../route.js";
import { brokenAtSlashes, oneLine } from "../text.js";
import { touches } from "./record.js";

const SHOWN = 12;

/** `named` where this is the place of the event itself; `whole` for the world that everything begins with.
 * @param {{world: any, here?: boolean, cited?: any, whole?: boolean, named?: boolean}} props */
export function Changes({ world, here = false, cited, whole = false, named = true }) {
  const id = named ? `ev-${world.seq}` : undefined;
  if (!touches(world)) return id ? html`<span id=${id}></span>` : null;
  const services = Object.keys(world.services);
  const classes = `changes ${here ? "here" : ""} ${cited ? `cited ${cited.tone} ${cited.current ? "current" : ""}` : ""}`;
  return html`<div class=${classes} id=${id} tabindex=${id && "-1"}>
    <span class="changes-name">${whole ? "at the start" : "changed"}</span>
    <ul>
      ${whole
        ? html`<li><button type="button" class="change" onClick=${() => show(world, null)}>${world.files.length} files and folders</button></li>`
        : html`<${Files} world=${world} />`}
      ${services.map(
        (name) => html`<li><button type="button" class="change" onClick=${() => show(world, null, name)}>
          <span class="sign" aria-hidden="true">≡</span> <bdi>${oneLine(name, 40)}</bdi>
        </button></li>`,
      )}
    </ul>
  </div>`;
}

/** @param {{world: any}} props */
function Files({ world }) {
  const item = (/** @type {any} */ change) => html`<li><${FileChange} world=${world} change=${change} /></li>`;
  const rest = world.files.slice(SHOWN);
  return html`${world.files.slice(0, SHOWN).map(item)}
  ${rest.length > 0 &&
  html`<li><details><summary>${rest.length} more</summary><ul>${rest.map(item)}</ul></details></li>`}`;
}

/** @param {{world: any, change: any}} props */
function FileChange({ world, change }) {
  const [sign, word] = !change.before ? ["+", "added"] : !change.after ? ["−", "removed"] : ["~", "changed"];
  const path = oneLine(change.path, 160);
  const cut = path.lastIndexOf("/", path.length - 2) + 1;
  return html`<button type="button" class="change ${word}" title=${`${word}: ${path}`} onClick=${() => show(world, change.path)}>
    <span class="sign" aria-hidden="true">${sign}</span><span class="hidden">${word} </span
    ><span class="folder">${brokenAtSlashes(path.slice(0, cut))}</span>${cut > 0 && html`<wbr />`}${path.slice(cut)}
  </button>`;
}

/** @param {any} world @param {string|null} file @param {string} [service] */
function show(world, file, service) {
  amend({ ev: world.seq, ...(service ? { world: "services", service } : { world: "files", file }), pane: "world" });
}
