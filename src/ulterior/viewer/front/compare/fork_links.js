// @ts-check

/** @param {{study: string, replay: any}} props */
export function ForkLinks(props) {
  return null;
}
