// @ts-check
/**
 * Documents by name, wherever the page is: from the server, from this very file, or from the folder's scripts.
 * What each holds is written down in types.js.
 */
import { credentials } from "./token.js";

/** @type {Map<string, Promise<any>>} */
const loaded = new Map();
/** @type {Map<string, (packed: string) => void>} */
const awaited = new Map();

/** Where the pages are: "server", "file" or "folder". */
export const WHERE = document.querySelector('meta[name="ulterior-where"]')?.getAttribute("content") ?? "server";

/** What documents are called. Names come out of addresses, which anybody may have written: none leads out of our folder. */
const NAME = /^[a-z]+(\/\w[\w.-]*)*$/;

/** The document of this name; one that failed is asked for again next time. @param {string} name @returns {Promise<any>} */
export function load(name) {
  let found = loaded.get(name);
  if (!NAME.test(name)) return Promise.reject(new Error("no document has such a name"));
  if (!found) {
    found = WHERE === "server" ? fetched(name) : WHERE === "file" ? inlined(name) : scripted(name);
    loaded.set(name, found);
    found.catch(() => loaded.delete(name));
  }
  return found;
}

/** Drop what is remembered of documents whose names begin so, since they have changed. @param {string} prefix */
export function forget(prefix) {
  for (const name of loaded.keys()) if (name.startsWith(prefix)) loaded.delete(name);
}

/** @param {string} name */
async function fetched(name) {
  const answer = await fetch(`data/${name}.json`, { headers: credentials() }).catch(() => {
    throw new Error("The server does not answer. Start `ulterior view` again, and this page goes on by itself.");
  });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error ?? `the server answers ${answer.status}`);
  return found;
}

/** @param {string} name */
async function inlined(name) {
  const block = document.querySelector(`script[data-document="${CSS.escape(name)}"]`);
  if (!block) throw new Error(`this file holds no document ${name}`);
  return unpacked(block.textContent ?? "");
}

/** A classic script beside the page, the one thing that a page opened from a disk may load. @param {string} name @returns {Promise<any>} */
function scripted(name) {
  return new Promise((resolve, reject) => {
    awaited.set(name, (packed) => resolve(unpacked(packed)));
    const script = document.createElement("script");
    const missing = () => awaited.delete(name) && reject(new Error(`this folder holds no document ${name}`));
    script.src = `data/${name}.js`;
    script.onerror = missing;
    script.onload = missing; // it has been taken from those awaited, unless the file was damaged
    document.head.append(script);
  });
}

if (WHERE === "folder") {
  // The folder's scripts hold one call each: ulteriorDocument("runs/demo", "...").
  Object.assign(window, {
    /** @param {string} name @param {string} packed */
    ulteriorDocument(name, packed) {
      awaited.get(name)?.(packed);
      awaited.delete(name);
    },
  });
}

/** JSON from gzip in base64. @param {string} packed */
async function unpacked(packed) {
  if (!("DecompressionStream" in window)) {
    throw new Error("This browser is too old to unpack what is stored here. Chrome from 80, Firefox from 113 and Safari from 16.4 on can.");
  }
  try {
    return await unzipped(packed);
  } catch {
    throw new Error("What is stored here is damaged: it was cut off or changed. Get the export anew.");
  }
}

/** @param {string} packed */
async function unzipped(packed) {
  const text = atob(packed.trim());
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}
