// Goes to a route, waits until its page is drawn, and tells what no page of ours draws.
async (route) => {
  const TAGS = new Set(
    ("html head meta title link style script body div noscript a header nav ol ul li main section article aside footer p span " +
      "h1 h2 h3 h4 h5 button input select option label fieldset legend form textarea table caption colgroup col thead tbody tfoot tr th td " +
      "dl dt dd details summary dialog code kbd pre b strong em i small bdi q mark ins del sup sub br hr time wbr output progress meter " +
      "svg g path circle rect line polyline polygon text").split(" "),
  );
  const LOADS = new Set(["action", "background", "cite", "classid", "data", "formaction", "ping", "poster", "src", "srcdoc", "srcset"]);
  const STYLE = /^((--level|--bar|--title|top|left|right|width|height|transform|contain-intrinsic-block-size|flex|grid-column|grid-row): [\w\s().,%-]*;\s*)*$/;
  const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u;
  const SAID = ["title", "aria-label", "aria-valuetext", "aria-description", "placeholder", "alt"];

  const ready = () => {
    const main = document.querySelector("main");
    const heading = main?.querySelector("h1");
    return heading && !main.querySelector(".waiting");
  };
  const settled = (target) =>
    new Promise((resolve, reject) => {
      const failed = setTimeout(() => (watch.disconnect(), reject(new Error(`not drawn: ${route}`))), 20_000);
      const watch = new MutationObserver(() => tried());
      const tried = () => {
        if (!ready()) return false;
        watch.disconnect();
        clearTimeout(failed);
        resolve();
        return true;
      };
      watch.observe(target, { childList: true, subtree: true, characterData: true });
      tried();
    });

  const before = document.querySelector("#app");
  if (location.hash !== route) {
    await new Promise((resolve) => {
      window.addEventListener("hashchange", resolve, { once: true });
      location.hash = route;
    });
  }
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))); // it has been rendered with the new address
  await settled(before);

  const found = new Set();
  const place = (element) => `${element.localName}.${element.getAttribute("class") ?? ""}`;
  for (const element of document.querySelectorAll("*")) {
    const inHead = element.parentElement === document.head || element === document.head;
    const ownScript = element.localName === "script" && (element.hasAttribute("data-document") || element.hasAttribute("data-licence") || element.getAttribute("src") === "app.js");
    if (!TAGS.has(element.localName)) found.add(`element ${element.localName}`);
    if (element.shadowRoot) found.add(`shadow root in ${place(element)}`);
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on")) found.add(`${name} of ${place(element)}`);
      if (LOADS.has(name) && !ownScript && !(inHead && element.localName === "script")) found.add(`${name} of ${place(element)}`);
      if (/href$/.test(name) && !value.startsWith("#") && !(inHead && /^(style\/\w+\.css|data:,)$/.test(value))) found.add(`href ${value.slice(0, 60)} of ${place(element)}`);
      if (name === "style" && !STYLE.test(value)) found.add(`style ${value.slice(0, 80)} of ${place(element)}`);
      if (name === "class" && !/^[\w\s-]*$/.test(value)) found.add(`class ${value.slice(0, 60)}`);
      if (name === "id" && !/^[\w.:-]*$/.test(value)) found.add(`id ${value.slice(0, 60)}`);
      if (SAID.includes(name) && UNSEEN.test(value)) found.add(`unseen in the ${name} of ${place(element)}`);
    }
  }
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.parentElement?.closest("script, style")) continue;
    if (UNSEEN.test(node.data.replaceAll("\r\n", "\n"))) found.add(`unseen in the text of ${place(node.parentElement)}`);
  }
  if (UNSEEN.test(document.title)) found.add("unseen in the title");
  if (!document.title.endsWith("Ulterior")) found.add(`title ${document.title}`);
  if (document.querySelector("main .failure")?.textContent.includes("can't be drawn")) found.add(document.querySelector("main .failure").textContent.slice(0, 200));
  return [...found].sort();
}
