// @ts-check
/** What the shell does around any page: its title, where the focus goes, and the way back to where one had scrolled. */
import { useEffect, useRef } from "./html.js";
import { oneLine } from "./text.js";

/** The page that an address means; cursors and filters of a page don't count. @param {import("./route.js").Route} route */
export function pageOf(route) {
  const { a = "", b = "" } = route.params;
  return [...route.path, route.path[0] === "compare" || route.path[0] === "flips" ? `${a} ${b}` : ""].join("/");
}

/** What stands in the tab. @param {any} catalog @param {import("./route.js").Route} route @param {boolean} blind */
export function titleOf(catalog, route, blind) {
  const [area, study, kind, episode] = route.path;
  const known = catalog?.studies.find((/** @type {any} */ each) => each.key === study)?.name ?? study ?? catalog?.studies[0]?.name;
  const name = oneLine(known ?? "", 120);
  const place =
    area === "compare" ? "Two episodes"
    : area === "flips" ? "Two studies"
    : kind === "e" ? `Episode ${blind ? "" : `${oneLine(episode?.slice(0, 12) ?? "")}, `}${name}`
    : kind === "forks" ? `Forks, ${name}`
    : kind === "labels" ? `Labels, ${name}`
    : name && `Runs, ${name}`;
  return place ? `${place} · Ulterior` : "Ulterior";
}

/** After a change of page the focus goes to its heading, as soon as there is one, unless the reader has gone elsewhere.
 * @param {string} page */
export function useHeadingFocus(page) {
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    const main = /** @type {HTMLElement} */ (document.getElementById("main"));
    const started = document.activeElement;
    const tried = () => {
      const heading = main.querySelector("h1");
      const elsewhere = document.activeElement !== started && document.activeElement !== document.body;
      if (!heading && !elsewhere) return false;
      if (heading && !elsewhere) {
        heading.tabIndex = -1;
        heading.focus({ preventScroll: true });
      }
      return true;
    };
    if (tried()) return;
    const watch = new MutationObserver(() => tried() && watch.disconnect());
    watch.observe(main, { childList: true, subtree: true });
    return () => watch.disconnect();
  }, [page]);
}

/** @type {Map<number, number>} how far each entry of the history was scrolled */
const scrolled = new Map();
let entry = 0;

/** A new page begins at its top; back and forward lead to where one was. @param {string} page */
export function useScroll(page) {
  const before = useRef(page);
  useEffect(() => {
    history.scrollRestoration = "manual";
    if (history.state?.entry === undefined) history.replaceState({ entry }, "", location.href);
    else entry = history.state.entry;
    const heard = () => scrolled.set(entry, window.scrollY);
    window.addEventListener("scroll", heard, { passive: true });
    return () => window.removeEventListener("scroll", heard);
  }, []);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    const known = history.state?.entry;
    if (known === undefined) history.replaceState({ entry: (entry = newest() + 1) }, "", location.href);
    else entry = known;
    return scrolledTo(known === undefined ? 0 : (scrolled.get(known) ?? 0));
  }, [page]);
}

function newest() {
  return Math.max(entry, ...scrolled.keys());
}

/** Scroll there as soon as the page is long enough, unless the reader scrolls first. @param {number} top */
function scrolledTo(top) {
  window.scrollTo({ top, behavior: "instant" });
  if (Math.abs(window.scrollY - top) < 2) return;
  const watch = new ResizeObserver(() => {
    window.scrollTo({ top, behavior: "instant" });
    if (Math.abs(window.scrollY - top) < 2) stop();
  });
  const stop = () => {
    watch.disconnect();
    window.removeEventListener("wheel", stop);
    window.removeEventListener("keydown", stop);
  };
  window.addEventListener("wheel", stop, { passive: true });
  window.addEventListener("keydown", stop);
  watch.observe(/** @type {Element} */ (document.getElementById("main")));
  return stop;
}
