// The search: it ranks the sections of all pages, and shows the best ones by page. The text of the
// pages (search-index.js) and the library that ranks (minisearch.js) are loaded when a reader
// opens the search.
(() => {
  const STOP_WORDS = new Set(
    `a about after again all also always am an and any anyone anything are as at be because been before being but by can could
    did do does doing done each else even ever for from get gets getting give go goes going got had has have having he her
    here him his how i if in into is it its just know let like make makes many may me might more most much must my
    need needs never no nor not now of off on one only or other our out over own please possible properly python python3
    really same she should so some someone something still such than that the their them then there these they thing this
    those through to too try trying under up upon us use used using very via want wants was way ways we well were what when
    where whether which while who why will with within without work working works would yet you your`.split(/\s+/),
  );

  /** Return a word without its ending, so that "cancelled", "cancelling" and "cancellation" are one. */
  const stem = (word) => {
    if (word.length < 4 || /[_.\d]/.test(word)) return word;
    return word
      .replace(/ies$/, "y")
      .replace(/(sh|ch|ss|x)es$/, "$1")
      .replace(/([^su])s$/, "$1")
      .replace(/(.{3})(?:ations?|ions?|ing|ed|er|able)$/, "$1")
      .replace(/(.{3})e$/, "$1")
      .replace(/([^aeious])\1$/, "$1");
  };

  /** Return a function that yields the terms of a text: words, parts of code words, and groups of synonyms. */
  const makeTokenizer = (synonyms) => {
    const groups = new Map(); // a word's stem, or a phrase, to the groups that it is in
    synonyms.forEach((group, number) => {
      for (const entry of group) {
        const key = /[^a-z]/.test(entry) ? entry : stem(entry);
        groups.set(key, [...(groups.get(key) ?? []), `=${number}`]);
      }
    });
    const phrases = [...groups.keys()].filter((key) => /[^a-z]/.test(key)).sort((a, b) => b.length - a.length);
    const phrase = new RegExp(`(?<!\\w)(${phrases.map((text) => text.replace(/[+.]/g, "\\$&")).join("|")})s?(?!\\w)`, "g");
    return (text) => {
      const terms = [];
      const add = (word) => {
        if (word.length < 2 || STOP_WORDS.has(word)) return;
        terms.push(stem(word), ...(groups.get(stem(word)) ?? []));
      };
      const straight = text.replaceAll("’", "'");
      for (const [, found] of straight.toLowerCase().matchAll(phrase)) terms.push(...groups.get(found));
      for (const [word] of straight.matchAll(/[A-Za-z_][\w.]*\w|[\w^]+/g)) {
        const parts = word.split(/[._]+|(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/).map((part) => part.toLowerCase());
        if (parts.length > 1) terms.push(word.toLowerCase());
        if (word.includes(".")) for (const piece of word.toLowerCase().split(".")) if (piece.includes("_")) terms.push(piece);
        for (const part of parts) add(part);
      }
      return terms;
    };
  };

  /** Return a function that finds the pages for a query, the best first, each with its best sections. */
  const makeFinder = ({ synonyms, pages }) => {
    const tokenize = makeTokenizer(synonyms);
    const sections = pages.flatMap(([url, tags, parts]) =>
      parts.map(([anchor, heading, text, more, asked, target]) => ({ url, target, page: parts[0][1], anchor, heading, text, more, asked, tags: anchor ? "" : tags })),
    );
    const titles = new Map(pages.map(([url, , [[, title]]]) => [url, title]));
    sections.forEach((section, id) => (section.id = id));
    const index = new MiniSearch({ fields: ["page", "heading", "text", "more", "asked", "tags"], tokenize, processTerm: (term) => term });
    index.addAll(sections);
    const isGroup = (term) => term.startsWith("=");
    const options = {
      boost: { page: 0.5, heading: 3, asked: 2, tags: 3, text: 1, more: 1 },
      // An exact name says more than a word, a word more than a synonym.
      boostTerm: (term) => (isGroup(term) ? 0.3 : /[_.]/.test(term) ? 2 : 1),
      // The last word may be unfinished; a long word may be misspelt.
      prefix: (term, place, terms) => place === terms.length - 1 && term.length > 2 && !isGroup(term),
      fuzzy: (term) => (term.length > 4 && !isGroup(term) ? 0.2 : false),
      weights: { prefix: 0.3, fuzzy: 0.2 },
    };

    /** Return the sentence of a section that has most of the terms, as parts: a text, and whether it is a match. */
    const excerpt = ({ heading, text }, terms) => {
      const hits = (piece) => new Set(tokenize(piece).filter((term) => terms.has(term))).size;
      const sentences = text.match(/[^\n]+?(?:[.?!](?=\s)|$)/gm) ?? [heading];
      // A whole sentence rather than the cell of a table.
      const worth = (piece) => hits(piece) + (/[.?!:]$/.test(piece) ? 0.5 : 0);
      const best = sentences.reduce((one, other) => (worth(other) > worth(one) ? other : one));
      return best.trim().split(/([\w.]*\w)/).map((piece) => [piece, hits(piece) > 0]);
    };

    return (query) => {
      const found = new Map();
      for (const { id, score, match, queryTerms } of index.search(query, options)) {
        const { url, target, anchor, heading } = sections[id];
        const page = target || url; // a question stands with the page that answers it
        if (!found.has(page)) found.set(page, { title: titles.get(page), url: page, score: 0, terms: new Set(), sections: [] });
        const group = found.get(page);
        group.score += score / 3 ** group.sections.length;
        queryTerms.forEach((term) => group.terms.add(term));
        group.sections.push({ url: anchor ? `${url}#${anchor}` : url, isTop: !anchor, heading, excerpt: () => excerpt(sections[id], new Set(Object.keys(match))) });
      }
      // The more of the query's words a page has, the more its score counts.
      const weight = ({ score, terms }) => score * Math.sqrt(terms.size);
      return [...found.values()].sort((one, other) => weight(other) - weight(one));
    };
  };

  /** Let the field in the header find; `root` leads to the site's root. */
  const connect = (box, find) => {
    const PAGES = 8;
    const SECTIONS = 3;
    const field = box.querySelector("input");
    const list = box.querySelector("[role=listbox]");
    const status = box.querySelector("[role=status]");
    const hint = status.textContent;
    const make = (name, properties, ...children) => {
      const element = Object.assign(document.createElement(name), properties);
      element.append(...children);
      return element;
    };

    let options = [];
    let active = 0;
    const activate = (place) => {
      options[active]?.removeAttribute("aria-selected");
      active = (place + options.length) % options.length;
      options[active].setAttribute("aria-selected", "true");
      options[active].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", options[active].id);
    };
    const option = (url, heading, parts) => {
      const words = parts.map(([text, matches]) => (matches ? make("mark", {}, text) : text));
      const link = make("a", { href: url, role: "option", tabIndex: -1 }, make("b", {}, heading), make("span", {}, ...words));
      link.id = `ps-result-${options.push(link)}`;
      return link;
    };
    const group = ({ title, url, sections: [best, ...others] }) => {
      const shown = [best, ...others.filter(({ isTop }) => !isTop)].slice(0, SECTIONS);
      // The page itself comes first; a section that answers can be of another page, such as the questions.
      if (!best.isTop) shown.unshift({ url, heading: title, excerpt: () => [] });
      const links = shown.map(({ url, heading, excerpt }) => option(box.dataset.root + url, heading, excerpt()));
      return make("div", { role: "group", ariaLabel: title, className: "ps-result" }, ...links);
    };
    // Where nothing is found, the header's links are the nearest entries.
    const ways = () =>
      [...document.querySelectorAll(".ps-ways a")].map((link) =>
        make("div", { role: "group", ariaLabel: link.textContent, className: "ps-result" }, option(link.href, link.textContent, [])),
      );

    // The address holds the query, to be shared, once a reader stops typing.
    let pause;
    const keep = (query) => {
      const address = new URL(location.href);
      if (query) address.searchParams.set("q", query);
      else address.searchParams.delete("q");
      if (address.href !== location.href) history.replaceState(history.state, "", address);
    };

    const update = () => {
      const query = field.value.trim();
      clearTimeout(pause);
      pause = setTimeout(keep, 500, query);
      options = [];
      active = 0;
      const pages = query ? find(query).slice(0, PAGES) : [];
      list.replaceChildren(...(query && !pages.length ? ways() : pages.map(group)));
      field.setAttribute("aria-expanded", String(options.length > 0));
      field.removeAttribute("aria-activedescendant");
      if (!query) status.textContent = hint;
      else if (pages.length) status.textContent = pages.length === 1 ? "The best page:" : `The best ${pages.length} pages:`;
      else status.textContent = "Nothing found. Try fewer words, or the last line of the traceback without your own names, or one of these:";
      // Enter opens the section that answers, which stands below its page.
      if (options.length) activate(pages.length && !pages[0].sections[0].isTop ? 1 : 0);
    };

    field.addEventListener("input", update);
    field.form.addEventListener("reset", () => setTimeout(() => (update(), field.focus())));
    field.form.addEventListener("submit", (event) => {
      event.preventDefault();
      options[active]?.click();
    });
    field.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || !options.length) return;
      event.preventDefault();
      activate(active + step);
    });
    // Of a traceback, the last line is what is searched.
    field.addEventListener("paste", (event) => {
      const lines = event.clipboardData.getData("text").split("\n").map((line) => line.trim()).filter(Boolean);
      if (lines.length < 2) return;
      event.preventDefault();
      field.value = lines.at(-1);
      update();
    });
    update();
  };

  connect(document.querySelector(".md-search"), makeFinder(pleaseStopIndex));
})();
