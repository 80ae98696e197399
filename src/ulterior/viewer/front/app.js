// @ts-check
/** The shell: which page an address means, the way home, and what to say when something can't be shown. */
import { html, render, useEffect, useErrorBoundary, useState } from "./html.js";
import { load } from "./documents.js";
import { useLost } from "./live.js";
import { link, useRoute } from "./route.js";
import { pageOf, titleOf, useHeadingFocus, useScroll } from "./shell.js";
import { oneLine } from "./text.js";
import { ThemeSwitch } from "./theme.js";
import { RunsPage } from "./runs/page.js";
import { EpisodePage } from "./episode/page.js";
import { ComparePage } from "./compare/episodes.js";
import { FlipsPage } from "./compare/studies.js";
import { ForksPage } from "./compare/forks.js";
import { BlindSwitch, Veiled } from "./labels/veiled.js";
import { isBlind, markSeen, useBlind } from "./labels/blind.js";
import { LabelsPage } from "./labels/page.js";

/** @param {{catalog: any, route: import("./route.js").Route}} props */
function Page({ catalog, route }) {
  const [area, study, kind, episode] = route.path;
  const params = route.params;
  const [blind] = useBlind();
  const known = catalog.studies.find((/** @type {any} */ each) => each.key === study) ?? (area ? null : catalog.studies[0]);
  if (blind && kind !== "e" && kind !== "labels") return html`<${Veiled} study=${(known ?? catalog.studies[0])?.key} />`;
  if (area === "compare") return html`<${ComparePage} catalog=${catalog} params=${params} />`;
  if (area === "flips") return html`<${FlipsPage} catalog=${catalog} params=${params} />`;
  if (!known) return html`<${Failure} what="There is no such page." />`;
  if (kind === "e") return html`<${EpisodePage} key=${episode} catalog=${catalog} study=${known.key} episode=${episode} params=${params} />`;
  if (kind === "forks") return html`<${ForksPage} catalog=${catalog} study=${known.key} params=${params} />`;
  if (kind === "labels") return html`<${LabelsPage} catalog=${catalog} study=${known.key} params=${params} />`;
  return html`<${RunsPage} key=${known.key} catalog=${catalog} study=${known.key} params=${params} />`;
}

function App() {
  const route = useRoute();
  const [catalog, setCatalog] = useState(/** @type {any} */ (null));
  const [failed, setFailed] = useState("");
  const [broken, reset] = useErrorBoundary((error) => console.error(error));
  useEffect(() => {
    load("catalog").then(setCatalog, (error) => setFailed(String(error.message ?? error)));
  }, []);
  const page = pageOf(route);
  const [blind] = useBlind();
  const lost = useLost();
  useEffect(() => reset(), [page]);
  useEffect(() => {
    document.title = titleOf(catalog, route, isBlind());
  }, [catalog, page, blind]);
  useHeadingFocus(page);
  useScroll(page);
  useShown(route, catalog);
  return html`
    <a class="skip" href="#main" onClick=${skip}>Skip to the content</a>
    <header class="top">
      <nav aria-label="Where you are"><${Crumbs} catalog=${catalog} route=${route} /></nav>
      <div class="switches">
        ${catalog?.where === "server" && html`<${BlindSwitch} />`}
        <${ThemeSwitch} />
      </div>
    </header>
    <p class="lost" aria-live="polite">${lost && "The server does not answer. What is shown is what was known last; this page goes on by itself when `ulterior view` runs again."}</p>
    <main id="main" tabindex="-1">
      ${failed
        ? html`<${Failure} what=${failed} />`
        : broken
          ? html`<${Failure} what=${`This page can't be drawn: ${broken.message ?? broken}`} />`
          : catalog && html`<${Page} catalog=${catalog} route=${route} />`}
    </main>
    ${catalog && html`<${Foot} catalog=${catalog} />`}
  `;
}

/** What is shown openly of an episode, or of a whole study, makes later labels of it no blind ones.
 * @param {import("./route.js").Route} route @param {any} catalog */
function useShown(route, catalog) {
  const [blind] = useBlind();
  const [area, study, kind, episode] = route.path;
  const { a = "", b = "" } = route.params;
  useEffect(() => {
    if (catalog?.where !== "server" || isBlind() || route.params.blind === "on") return;
    if (kind === "e") return markSeen(study, episode);
    const shown = area === "compare" ? [a, b].map((each) => each.split("/")) : area === "flips" ? catalog.studies.map((/** @type {any} */ each) => [each.key]) : [[study ?? catalog.studies[0]?.key]];
    for (const [key, id] of shown) if (key) markSeen(key, id);
  }, [blind, catalog, area, study, kind, episode, a, b]);
}

/** @param {{catalog: any}} props */
function Foot({ catalog }) {
  return html`<footer class="foot">
    <p>Ulterior ${catalog.version}. Traces are not for training: every copy of them carries the canary <code>${catalog.canary}</code>.</p>
    <p>Keys: <kbd>?</kbd> on an episode lists them; <kbd>n</kbd> and <kbd>p</kbd> go to the next and the previous finding or difference.</p>
  </footer>`;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault(); // the address behind # is ours
  document.getElementById("main")?.focus();
}

/** @param {{catalog: any, route: import("./route.js").Route}} props */
function Crumbs({ catalog, route }) {
  const [blind] = useBlind();
  const [area, study, kind, episode] = route.path;
  /** @type {Record<string, string>} */
  const names = { forks: "forks", labels: "labels", compare: "two episodes", flips: "two studies" };
  const last = kind === "e" ? (blind ? "an episode" : `episode ${oneLine(episode?.slice(0, 12) ?? "")}`) : names[kind ?? area ?? ""];
  const home = study ?? (route.params.a?.split("/")[0] || catalog?.studies[0]?.key);
  return html`<ol class="crumbs">
    <li><a class="home" href="#/">Ulterior</a></li>
    ${home && html`<li><a href=${link(["s", home])}>${nameOf(catalog, home)}</a></li>`}
    ${last && html`<li aria-current="page">${last}</li>`}
  </ol>`;
}

/** @param {any} catalog @param {string} key */
function nameOf(catalog, key) {
  return oneLine(catalog?.studies.find((/** @type {any} */ each) => each.key === key)?.name ?? key, 120);
}

/** @param {{what: string}} props */
function Failure({ what }) {
  return html`<section class="failure" role="alert"><h1>Can't show this</h1><p>${what}</p><p><a href="#/">Back to the runs</a></p></section>`;
}

render(html`<${App} />`, /** @type {Element} */ (document.getElementById("app")));
