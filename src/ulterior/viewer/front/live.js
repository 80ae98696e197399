// @ts-check

/** A number that grows when an episode does. @param {string} study @param {string} [episode] @returns {number} */
export function useLive(study, episode) {
  return 0;
}
