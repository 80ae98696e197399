// @ts-check
/** Which episode it is, what became of it, and the ways from here. */
import { ForkLinks } from "../compare/fork_links.js";
import { html } from "../html.js";
import { link } from "../route.js";
import { oneLine } from "../text.js";
import { Outcome, plain, when } from "../words.js";
import { useHeightAs } from "./heights.js";
import { dollars } from "./timeline.js";

/** @param {{study: string, replay: any, blind: boolean, onReveal: () => void}} props */
export function Head({ study, replay, blind, onReveal }) {
  const { about } = replay;
  const title = oneLine(about.title || about.scenario || "An episode without a beginning", 160);
  return html`<header class="episode-head">
    <div class="title-line" ref=${useHeightAs("--title")}>
      <h1 tabindex="-1" dir="auto" title=${title}>${title}</h1>
      ${blind
        ? html`<span class="soft">blind: model, condition and verdicts are hidden</span> <button type="button" onClick=${onReveal}>show them</button>`
        : html`<${Outcome} outcome=${about.outcome} /> <${Gist} about=${about} />`}
    </div>
    ${about.fault && html`<p class="fault" role="note">This file is damaged: ${oneLine(about.fault, 400)}. What could be read of it is shown.</p>`}
    <dl class="facts">
      ${!blind && html`<${Fact} name="condition"><${Condition} about=${about} /><//>`}
      <${Fact} name="seed">${about.seed ?? "unknown"}${about.epoch ? `, epoch ${about.epoch}` : ""}<//>
      <${Fact} name="status">${plain(about.status)}${about.limit && ` (${oneLine(about.limit, 40)})`}<//>
      <${Fact} name="turns">${about.turns ?? "unknown"}<//>
      <${Fact} name="tokens">${about.tokens_in === null ? "unknown" : `${about.tokens_in.toLocaleString("en")} in, ${(about.tokens_out ?? 0).toLocaleString("en")} out`}<//>
      <${Fact} name="cost">${dollars(about.cost)}<//>
      <${Fact} name="ran">${when(about.started)}<//>
      ${!blind && replay.flags.length > 0 && html`<${Fact} name="flags">${oneLine(replay.flags.map(plain).join(", "), 200)}<//>`}
      ${!blind && Object.entries(replay.measures).map(([name, value]) => html`<${Fact} name=${oneLine(plain(name), 60)}>${value.toLocaleString("en", { maximumFractionDigits: 3 })}<//>`)}
    </dl>
    ${!blind && html`<${Ways} study=${study} about=${about} /><${ForkLinks} study=${study} replay=${replay} />`}
  </header>`;
}

/** Who did what, which stays in sight wherever one is in the episode. @param {{about: any}} props */
function Gist({ about }) {
  const all = [oneLine(about.model ?? "model unknown", 120), oneLine(about.scenario ?? "", 60), conditionOf(about)];
  return html`<ul class="gist" aria-label="model, scenario and condition">${all.filter(Boolean).map((each) => html`<li><bdi>${each}</bdi></li>`)}</ul>`;
}

/** What the condition is there for, and its arm. @param {any} about */
function conditionOf(about) {
  const { arm } = about.condition;
  return [about.purpose && oneLine(plain(about.purpose), 40), arm && `arm ${oneLine(arm, 40)}`].filter(Boolean).join(", ");
}

/** @param {{name: string, children?: any}} props */
function Fact({ name, children }) {
  return html`<div><dt>${name}</dt><dd dir="auto">${children}</dd></div>`;
}

/** The condition: what it is there for, its arm, and every level for whoever asks. @param {{about: any}} props */
function Condition({ about }) {
  const levels = Object.entries(about.condition);
  return html`<details class="condition">
    <summary>${conditionOf(about) || "levels"}</summary>
    <ul class="plain">${levels.map(([name, level]) => html`<li><span class="soft">${oneLine(name, 60)}</span> ${oneLine(String(level), 60)}</li>`)}</ul>
  </details>`;
}

/** @param {{study: string, about: any}} props */
function Ways({ study, about }) {
  return html`<nav class="ways" aria-label="Related">
    <a href=${link(["s", study], { scenario: about.scenario })}>runs of this scenario</a>
    <a href=${link(["compare"], { a: `${study}/${about.episode}` })}>compare with another</a>
  </nav>`;
}
