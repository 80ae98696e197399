// @ts-check
/** A document while it is on its way, when it is there, and when it can't be had. */
import { html, useEffect, useState } from "./html.js";
import { load } from "./documents.js";

/** The document of a name: undefined while it is loading. `version` asks for it anew.
 * @param {string} name @param {number} [version] @returns {{found?: any, failed?: string}} */
export function useDocument(name, version = 0) {
  const [state, setState] = useState(/** @type {{name?: string, found?: any, failed?: string}} */ ({}));
  useEffect(() => {
    let wanted = true;
    load(name).then(
      (found) => wanted && setState({ name, found }),
      (error) => wanted && setState({ name, failed: String(error.message ?? error) }),
    );
    return () => {
      wanted = false;
    };
  }, [name, version]);
  return state.name === name ? state : {};
}

/** What stands in for a document that is not there. @param {{failed?: string, what: string}} props */
export function Waiting({ failed, what }) {
  return failed
    ? html`<section class="failure" role="alert"><h1>Can't show ${what}</h1><p>${failed}</p></section>`
    : html`<p class="waiting" role="status">Loading ${what} …</p>`;
}
