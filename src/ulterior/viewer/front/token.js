// @ts-check
/** The server's token for writing, which came with the address and is kept for this tab. */

/** @returns {string | null} */
export function token() {
  try {
    return sessionStorage.getItem("ulterior-token");
  } catch {
    return null;
  }
}
