// @ts-check
/** Light, dark, or as the system has it. */
import { html, useEffect, useState } from "./html.js";

const KEY = "ulterior-theme";
const NEXT = { system: "light", light: "dark", dark: "system" };

export function ThemeSwitch() {
  const [theme, setTheme] = useState(() => remembered());
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    remember(theme);
  }, [theme]);
  return html`<button type="button" class="quiet" onClick=${() => setTheme(/** @type {keyof typeof NEXT} */ (NEXT[theme]))}>theme: ${theme}</button>`;
}

/** @returns {keyof typeof NEXT} */
function remembered() {
  try {
    const kept = localStorage.getItem(KEY) ?? "system";
    return kept in NEXT ? /** @type {keyof typeof NEXT} */ (kept) : "system";
  } catch {
    return "system"; // storage may be forbidden for files
  }
}

/** @param {string} theme */
function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // the choice lasts as long as the page
  }
}
