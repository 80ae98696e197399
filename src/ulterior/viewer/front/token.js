// @ts-check
/**
 * The token of the running server: what may be written, and on an exposed server read, with.
 *
 * It comes in the address, `#token=.../s/STUDY`, is taken out of it before anybody reads the address, and is kept for
 * this origin, so that a link opened in a new tab may write, too. A later start of the server has another one.
 */

const KEY = "ulterior-token";
/** @type {string | null} */
let held = null;

/** The token, null where there is none. @returns {string | null} */
function token() {
  try {
    return localStorage.getItem(KEY) ?? held;
  } catch {
    return held; // storage may be forbidden
  }
}

/** The headers of a request to our server. @returns {Record<string, string>} */
export function credentials() {
  const known = token();
  return known === null ? {} : { "x-ulterior-token": known };
}

function take() {
  const found = /^#token=([\w-]+)(.*)$/.exec(location.hash);
  if (!found) return;
  held = found[1] ?? null;
  history.replaceState(null, "", `#${found[2] || "/"}`);
  try {
    localStorage.setItem(KEY, held ?? "");
  } catch {
    // it lasts as long as the page
  }
}

take();
window.addEventListener("hashchange", take); // ours is asked before the pages' own: this module is loaded first
