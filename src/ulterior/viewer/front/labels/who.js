// @ts-check
/** Who labels: a pseudonym, asked once and remembered by this browser. */
import { html, useEffect, useRef, useState } from "../html.js";
import { useKept } from "./kept.js";

const KEY = "ulterior-annotator";
const ALLOWED = "[A-Za-z0-9][A-Za-z0-9._\\-]{0,31}";

/** @returns {[string | null, (name: string) => void]} */
export function useAnnotator() {
  const [name, set] = useKept("browser", KEY);
  return [name || null, set];
}

/** A field that asks for it. @param {{onNamed?: (name: string) => void}} props */
export function AskAnnotator({ onNamed }) {
  const [, setName] = useAnnotator();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    if (onNamed) field.current?.focus(); // somebody waits for it
  }, []);
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    const name = typed.trim();
    if (!new RegExp(`^${ALLOWED}$`).test(name)) return setWrong(true);
    setName(name);
    onNamed?.(name);
  };
  return html`<form class="annotator" onSubmit=${submit}>
    <label>Your pseudonym <input ref=${field} value=${typed} maxlength="32" autocomplete="off" spellcheck="false" aria-invalid=${wrong}
      onInput=${(/** @type {any} */ event) => setTyped(event.target.value)} /></label>
    <button type="submit">Use it</button>
    ${wrong && html`<p role="alert">A pseudonym has up to 32 letters, digits, dots, dashes and underscores.</p>`}
  </form>`;
}
