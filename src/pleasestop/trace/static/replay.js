// Step through a recorded run: the line where each lane stands, the row of the drawing, the output so
// far. Without this script drawing, table and output are complete; only the motion is missing.
(() => {
  const SVG = "http://www.w3.org/2000/svg";

  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  /** Wrap each printed line in a span, so that those still to come can be dimmed. */
  const cutOutput = (samp) => {
    const lines = [];
    const cut = (parent) => {
      for (const node of [...parent.childNodes]) {
        if (node.nodeType !== Node.TEXT_NODE) {
          if (!node.matches(".ps-end")) cut(node);
          continue;
        }
        const parts = node.textContent.split("\n").map((text) => make("span", { textContent: text }));
        lines.push(...parts.filter((part) => part.textContent));
        node.replaceWith(...parts.flatMap((part, index) => (index ? ["\n", part] : [part])));
      }
    };
    if (samp) cut(samp);
    return lines;
  };

  const setUp = (replay) => {
    const figure = replay.closest("figure") ?? document;
    const drawing = replay.querySelector("svg");
    const rows = [...drawing.querySelectorAll(".r")];
    const table = [...replay.querySelectorAll(".ps-as-table tbody tr")];
    const names = [...drawing.querySelectorAll(".h")].map((name) => name.textContent);
    const code = figure.querySelector("pre > code");
    // Where no program is shown, a step that only reaches another line shows nothing.
    const steps = JSON.parse(replay.dataset.steps).filter(([, , , row], step, all) => code || row !== (all[step - 1]?.[3] ?? -1));
    const printed = cutOutput(figure.querySelector(".ps-printed samp"));
    const dims = steps.length && steps.at(-1)[4] <= printed.length;
    if (!steps.length) return;

    // --- what is highlighted ---
    const now = document.createElementNS(SVG, "rect");
    now.setAttribute("class", "now");
    now.setAttribute("width", "100%");
    drawing.insertBefore(now, drawing.querySelector(".up") ?? rows[0]);
    const lights = names.map((name) => make("div", { className: "ps-lit", hidden: true }, make("span", { textContent: name })));
    code?.parentElement.append(...lights);

    /** Say what a step did: the rows that it adds, or the line that its lane reached. */
    const words = (step) => {
      const [, lane, line, row] = steps[step];
      const before = step ? steps[step - 1][3] : -1;
      const added = table.slice(before + 1, row + 1).map(({ cells: [, who, what] }) => `${who.textContent}: ${what.textContent}`);
      const source = line < 0 || !code ? "" : code.textContent.split("\n")[line].trim();
      return added.length ? added.join("; ") : `${names[lane] ?? "library"}: ${source}`;
    };

    let at = -1;
    const show = (step) => {
      at = Math.max(-1, Math.min(step, steps.length - 1));
      // Measured when a line is first highlighted: measuring during the set-up costs a layout for each figure.
      const style = at < 0 || !code ? {} : getComputedStyle(code);
      const height = parseFloat(style.lineHeight);
      const top = at < 0 || !code ? 0 : code.offsetTop + parseFloat(style.paddingTop);
      lights.forEach((light, lane) => {
        const seen = steps.slice(0, at + 1).filter((each) => each[1] === lane);
        const line = seen.length ? seen.at(-1)[2] : -1;
        light.hidden = line < 0;
        light.classList.toggle("ps-active", at >= 0 && steps[at][1] === lane);
        if (!light.hidden) light.style.cssText = `top:${top + line * height}px;height:${height}px`;
      });
      // On a phone the program leaves room for the names, which would cover the ends of its lines.
      if (at >= 0 && code) code.style.setProperty("--ps-names", `${Math.max(...lights.map(({ firstChild }) => firstChild.offsetWidth))}px`);
      const row = at < 0 ? -1 : steps[at][3];
      now.style.display = row < 0 ? "none" : "";
      if (row >= 0) {
        const y = Number(/([\d.]+)\)/.exec(rows[row].getAttribute("transform"))[1]);
        now.setAttribute("y", y - 10);
        now.setAttribute("height", 20);
      }
      rows.forEach((each, index) => each.classList.toggle("ps-later", at >= 0 && index > row));
      printed.forEach((line, index) => line.classList.toggle("ps-later", at >= 0 && dims && index >= steps[at][4]));
      slider.value = at;
      controls.classList.toggle("ps-used", at >= 0);
      const caption = at < 0 ? "not started" : `step ${at + 1} of ${steps.length}: ${words(at)}`;
      slider.setAttribute("aria-valuetext", caption);
      status.textContent = caption;
      // Not `disabled`: a button that loses the focus would send a reader to the top of the page.
      back.setAttribute("aria-disabled", at < 0);
      on.setAttribute("aria-disabled", at === steps.length - 1);
    };

    // --- the controls ---
    let timer = 0;
    const halt = () => {
      clearTimeout(timer);
      timer = 0;
      play.textContent = "Play";
    };
    const wait = () => {
      const gap = at < 0 ? 0 : steps[Math.min(at + 1, steps.length - 1)][0] - steps[at][0];
      return pace.value === "even" ? 900 : gap * Number(pace.value);
    };
    const advance = () => {
      show(at + 1);
      if (at === steps.length - 1) halt();
      else timer = setTimeout(advance, wait());
    };
    const go = (step) => {
      halt();
      show(step);
    };
    const button = (words, label, action) => {
      const made = make("button", { type: "button", textContent: words, onclick: action });
      if (label) made.setAttribute("aria-label", label);
      return made;
    };
    const back = button("‹", "One step back", () => go(at - 1));
    const on = button("›", "One step on", () => go(at + 1));
    const play = button("Play", "", () => {
      if (timer) return halt();
      if (at === steps.length - 1) show(-1);
      play.textContent = "Pause";
      timer = setTimeout(advance, 0);
    });
    const slider = make("input", { type: "range", min: -1, max: steps.length - 1, value: -1, oninput: () => go(Number(slider.value)) });
    slider.setAttribute("aria-label", "Step of the replay");
    const pace = make("select", {}, new Option("a step a second", "even"), new Option("recorded pace", "1"), new Option("10 times slower", "10"));
    pace.setAttribute("aria-label", "Pace");
    const status = make("output", { className: "ps-now" });
    const controls = make("div", { className: "ps-controls" }, back, play, on, slider, pace, status);
    controls.setAttribute("role", "group");
    controls.setAttribute("aria-label", "Replay");
    replay.after(controls);
    addEventListener("resize", () => show(at));
    show(-1);
  };

  document.querySelectorAll(".ps-replay").forEach(setUp);
})();
