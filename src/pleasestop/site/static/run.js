// Run, edit and stop a program in the page. Python is not requested before Run, and without this
// script program and recorded output are complete.
(() => {
  const here = document.currentScript.src;
  let worker; // the page's Python, kept from one run to the next
  let loaded = false; // whether a Python has started here
  let halt; // ends the program that runs now, if there is one

  const ELSEWHERE = "not run: reload the page, use a current browser, or run the program in a terminal";

  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  /** Use `sessionStorage`, which a browser may forbid. */
  const attempt = (work) => {
    try {
      return work();
    } catch {}
  };

  /** Where the output of a run appears: one child for each piece of one stream. */
  const makeOutput = (python) => {
    const samp = make("samp", {});
    const box = make("pre", { className: "ps-printed", tabIndex: 0 }, samp); // a keyboard can scroll it
    const proof = make("p", { className: "ps-proof", textContent: `Printed by ${python} in your browser.` });
    return {
      element: make("div", { className: "ps-output ps-live" }, box, proof),
      print(stream, text) {
        const kind = `ps-${stream}`;
        if (samp.lastChild?.className !== kind) samp.append(make("span", { className: kind }));
        samp.lastChild.append(text);
      },
      remark: (text) => samp.append(make("span", { className: "ps-end", textContent: `(${text})` })),
      empty: () => !samp.firstChild,
    };
  };

  const setUp = (bar, index) => {
    const { name, line, modules, folder, python } = bar.dataset;
    const figure = bar.closest("figure");
    const block = figure.querySelector(".highlight");
    const original = block.querySelector("pre > code").textContent;
    let editor;
    let output;
    let running = false;

    const run = () => {
      halt?.();
      const shown = makeOutput(python);
      output?.element.remove();
      output = shown;
      figure.querySelector(".ps-evidence").before(shown.element);
      figure.classList.add("ps-ran");
      reset.hidden = false;
      running = true;
      start.textContent = "Stop";
      status.textContent = worker ? "Running …" : "Loading Python (up to 15 MB, once) …";

      const end = (message, remark) => {
        if (remark || shown.empty()) shown.remark(remark || "no output");
        status.textContent = message;
        start.textContent = "Run";
        running = false;
        halt = undefined;
      };
      // Only terminating the worker stops the program in it; the next run starts a new one.
      const kill = (message, remark) => {
        worker.onmessage = worker.onerror = null; // its last messages do not belong to the next run
        worker.terminate();
        worker = undefined;
        end(message, remark);
      };
      halt = () => kill("Stopped.", "still running: stopped from outside");
      const handlers = {
        running() {
          loaded = true;
          status.textContent = "Running …";
        },
        cut: () => shown.remark("more output than is shown here"),
        ended: ({ status, seconds }) => end(`Ended after ${seconds.toFixed(2)} s.`, status && `exit status ${status}`),
        endless: () => kill("Nothing can wake it.", "nothing can wake it: a program in a terminal would wait forever"),
        broken: ({ why }) => loaded ? kill(`Python broke down: ${why}`, "stopped") : kill(`Python cannot start here: ${why}`, ELSEWHERE),
      };
      worker ??= new Worker(new URL("run-worker.js", here), { type: "module" });
      worker.onmessage = ({ data }) => (data.kind ? handlers[data.kind](data) : shown.print(data.stream, data.text));
      worker.onerror = ({ message }) => handlers.broken({ why: message || "it cannot be loaded" });
      // A program that was not edited has the line numbers of its file, which messages name.
      const text = editor ? editor.value : "\n".repeat(line - 1) + original;
      const addresses = modules.split(" ").filter(Boolean);
      worker.postMessage({ folder, name, text, modules: addresses.map((url) => new URL(url, location).href) });
    };

    const key = `ps-edit ${location.pathname} ${name}`;
    const keep = (text) => attempt(() => (sessionStorage[key] = JSON.stringify({ original, text })));

    /** Show the editor; returns it, unless it cannot be loaded. */
    const edit = async (text) => {
      change.hidden = true;
      try {
        const { makeEditor } = await import(new URL("run-editor.js", here));
        const { element, area } = makeEditor(text, keep, run);
        area.setAttribute("aria-label", `Program ${name}`);
        area.setAttribute("aria-describedby", hint.id);
        editor = area;
        block.after(element);
        figure.classList.add("ps-edited");
        reset.hidden = hint.hidden = false;
      } catch {
        change.hidden = false;
        status.textContent = "The editor cannot be loaded.";
      }
      return editor;
    };

    const restore = () => {
      if (running) halt();
      editor?.parentElement.remove();
      attempt(() => delete sessionStorage[key]);
      output?.element.remove();
      editor = output = undefined;
      figure.classList.remove("ps-edited", "ps-ran");
      change.hidden = false;
      reset.hidden = hint.hidden = true;
      status.textContent = "";
      start.focus();
      dispatchEvent(new Event("resize")); // the replay measures the program again
    };

    const button = (textContent, onclick) => make("button", { type: "button", textContent, onclick });
    const start = button("Run", () => (running ? halt() : run()));
    const change = button("Edit", async () => (await edit(original))?.focus());
    const reset = button("Reset", restore);
    const hint = make("span", { id: `ps-keys-${index}`, textContent: "Ctrl+Enter runs. Esc, then Tab, leaves." });
    const status = make("output", {});
    reset.hidden = hint.hidden = true;
    bar.append(start, change, reset, hint, status);
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", `Run ${name}`);
    bar.hidden = false;
    const kept = attempt(() => JSON.parse(sessionStorage[key]));
    if (kept?.original === original) edit(kept.text); // else the program was changed since
  };

  // A page that was opened as a file may not start a worker.
  const opened = location.protocol === "file:";
  document.querySelectorAll(".ps-run").forEach(opened ? (bar) => bar.remove() : setUp);
})();
