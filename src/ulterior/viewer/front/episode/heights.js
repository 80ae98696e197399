// @ts-check
/** What sticks to the top of the window tells the page's style how much of it is covered. */
import { useLayoutEffect, useRef } from "../html.js";

/** A reference for an element whose height the episode's style knows under a name. @param {string} name @returns {any} */
export function useHeightAs(name) {
  const place = useRef(/** @type {HTMLElement|null} */ (null));
  useLayoutEffect(() => {
    const box = place.current;
    const page = /** @type {HTMLElement|null|undefined} */ (box?.closest(".episode"));
    if (!box || !page) return;
    const tell = () => page.style.setProperty(name, `${box.offsetHeight}px`);
    tell();
    const watcher = new ResizeObserver(tell);
    watcher.observe(box);
    return () => watcher.disconnect();
  }, []);
  return place;
}
