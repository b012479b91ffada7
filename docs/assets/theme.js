// What the pages need of a script: the palette, the drawer, the keys, the contents that follow. The theme's
// own script does that too, but weighs twice as much as a page. The search is loaded when it is opened.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  document.documentElement.classList.replace("no-js", "js");

  // Apply the palette that was chosen, or else the system's, before anything is painted in another one.
  const inputs = all("[data-md-component=palette] input");
  const show = (input) => {
    for (const key of ["media", "scheme"]) document.body.setAttribute(`data-md-color-${key}`, input.getAttribute(`data-md-color-${key}`));
    for (const each of inputs) each.nextElementSibling.hidden = each !== input;
    input.checked = true;
  };
  const wanted = () => inputs[__md_get("__palette")?.index] ?? inputs.find((input) => matchMedia(input.dataset.mdColorMedia).matches) ?? inputs[0];
  const choose = (input) => {
    const { mdColorMedia: media, mdColorScheme: scheme, mdColorPrimary: primary, mdColorAccent: accent } = input.dataset;
    __md_set("__palette", { index: inputs.indexOf(input), color: { media, scheme, primary, accent } });
    show(input);
  };
  show(wanted());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(wanted()));
  for (const input of inputs) {
    input.addEventListener("change", () => choose(input));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const other = inputs[(inputs.indexOf(input) + 1) % inputs.length];
      choose(other);
      other.focus();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const [drawer, search] = all("#__drawer, #__search");
    const box = document.querySelector(".md-search");
    const field = box.querySelector("input");
    const status = box.querySelector("[role=status]");

    const bring = (address) =>
      new Promise((done, failed) => {
        const script = document.createElement("script");
        const onerror = () => (script.remove(), failed());
        document.head.append(Object.assign(script, { src: address, async: false, onload: done, onerror }));
      });
    let loading = false;
    const load = async () => {
      if (loading) return;
      loading = true;
      try {
        await Promise.all(box.dataset.scripts.split(" ").map(bring));
      } catch {
        loading = false;
        status.textContent = "The search cannot be loaded. Try again when there is a network.";
      }
    };
    field.addEventListener("focus", () => ((search.checked = true), load()));
    search.addEventListener("change", () => (search.checked ? field.focus() : field.blur()));
    if (new URLSearchParams(location.search).has("q")) {
      field.value = new URLSearchParams(location.search).get("q");
      field.focus();
    }

    document.addEventListener("keydown", (event) => {
      const { key, target } = event;
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      if (["Escape", "Tab"].includes(key) && search.checked) {
        search.checked = false;
        field.blur();
      }
      if (key === "Enter" && target.matches("label")) target.click();
      if (target.matches("input:not(.md-toggle, .md-option), select, textarea")) return;
      if ("/fs".includes(key)) {
        event.preventDefault();
        field.focus();
        field.select();
      }
      const way = "p,".includes(key) ? "prev" : "n.".includes(key) ? "next" : null;
      const page = way && document.querySelector(`link[rel=${way}]`);
      if (page) location.href = page.href;
    });

    // The drawer closes when a reader follows a link in it, and its sections say whether they are open.
    document.addEventListener("click", ({ target }) => {
      if (target.closest(".md-sidebar--primary a")) drawer.checked = false;
    });
    document.addEventListener("change", ({ target }) => {
      if (target.matches(".md-nav__toggle")) target.parentElement.querySelector("nav")?.setAttribute("aria-expanded", target.checked);
    });

    // In a list longer than the window, the current page stands in the middle.
    const bringInView = (link, width) => {
      if (!link || !matchMedia(width).matches) return;
      const around = link.closest(".md-sidebar__scrollwrap");
      around.scrollTop += link.getBoundingClientRect().top - around.getBoundingClientRect().top - around.clientHeight / 2;
    };
    bringInView(document.querySelector(".md-nav--primary .md-nav__link--active[href]:not([href^='#'])"), "(min-width: 76.25em)");

    // The table of contents marks what was scrolled past; at the end of the page, all of it.
    const watch = (elements, act, options) => {
      const watcher = new IntersectionObserver(act, options);
      for (const element of elements) watcher.observe(element);
    };
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    // Everything farther down counts as in view, so that no section is skipped.
    const below = (height) => ({ rootMargin: `${-height * rem}px 0px 9999999px`, threshold: [0, 1] });
    const above = ({ boundingClientRect, rootBounds }) => boundingClientRect.top < rootBounds.top;

    // The contents stand in both navigations; which of them is shown depends on the width.
    const links = all("[data-md-component=toc] a[href^='#']");
    const places = new Map(links.map((link) => [document.getElementById(decodeURIComponent(link.hash.slice(1))), link.hash]));
    const passed = new Set();
    let ended = false;
    const mark = () => {
      const hashes = [...places].filter(([place]) => ended || passed.has(place)).map(([, hash]) => hash);
      for (const link of links) {
        link.classList.toggle("md-nav__link--passed", hashes.includes(link.hash));
        link.classList.toggle("md-nav__link--active", link.hash === hashes.at(-1));
      }
      bringInView(links.find((link) => link.hash === hashes.at(-1) && link.checkVisibility()), "(min-width: 60em)");
    };
    watch(
      places.keys(),
      (entries) => {
        for (const entry of entries) passed[above(entry) ? "add" : "delete"](entry.target);
        mark();
      },
      below(5),
    );
    watch(
      all(".md-footer"),
      (entries) => {
        ended = entries.at(-1).intersectionRatio > 0.9;
        mark();
      },
      { threshold: 0.9 },
    );
  });
})();
