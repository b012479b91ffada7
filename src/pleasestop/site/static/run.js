// Runs, edits and stops a program in the page. Nothing of Python is asked for before Run, and
// without this script program and recorded output are complete.
(() => {
  const here = document.currentScript.src;
  let worker; // the page's Python; kept from one run to the next
  let halt; // ends what runs now, if anything does

  const make = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  /** Where a run's output appears: one child for each stretch of one stream. */
  const makeOutput = (python) => {
    const samp = make("samp", {});
    const box = make("pre", { className: "ps-printed", tabIndex: 0 }, samp);
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
      bar.after(shown.element);
      figure.classList.add("ps-ran");
      reset.hidden = false;
      running = true;
      start.textContent = "Stop";
      status.textContent = worker ? "Running …" : "Loading Python (up to 15 MB, once) …";

      const end = (told, remark) => {
        if (remark || shown.empty()) shown.remark(remark || "no output");
        status.textContent = told;
        start.textContent = "Run";
        running = false;
        halt = undefined;
      };
      // Only ending the worker stops whatever runs in it; the next run starts a new one.
      const kill = (told, remark) => {
        worker.onmessage = worker.onerror = null; // what it has still to say is not of the next run
        worker.terminate();
        worker = undefined;
        end(told, remark);
      };
      halt = () => kill("Stopped.", "still running: stopped from outside");
      const hear = {
        running: () => (status.textContent = "Running …"),
        cut: () => shown.remark("more output than is shown here"),
        ended: ({ status, seconds }) => end(`Ended after ${seconds.toFixed(2)} s.`, status && `exit status ${status}`),
        endless: () => kill("Nothing can wake it.", "nothing can wake it: a program in a terminal would wait forever"),
        broken: ({ why }) => kill(`Python broke down: ${why}`, "stopped"),
      };
      worker ??= new Worker(new URL("run-worker.js", here), { type: "module" });
      worker.onmessage = ({ data }) => (data.told ? hear[data.told](data) : shown.print(data.stream, data.text));
      worker.onerror = ({ message }) => hear.broken({ why: message || "it cannot be loaded" });
      // What was not edited has the lines of its file, which messages name.
      const text = editor ? editor.value : "\n".repeat(line - 1) + original;
      const addresses = modules.split(" ").filter(Boolean);
      worker.postMessage({ folder, name, text, modules: addresses.map((url) => new URL(url, location).href) });
    };

    const edit = () => {
      editor = make("textarea", { className: "ps-editor", value: original, wrap: "off", spellcheck: false, autocapitalize: "off" });
      editor.setAttribute("aria-label", `Program ${name}`);
      editor.setAttribute("aria-describedby", hint.id);
      let leaving = false;
      const grow = () => (editor.rows = editor.value.split("\n").length);
      const type = (text) => document.execCommand("insertText", false, text); // keeps what can be undone
      editor.oninput = grow;
      editor.onkeydown = (event) => {
        const { key } = event;
        if (event.isComposing) return;
        if (key === "Enter" && (event.ctrlKey || event.metaKey)) run();
        else if (key === "Tab" && !event.shiftKey && !leaving) type("    ");
        else if (key === "Enter") type("\n" + /[^\n]*$/.exec(editor.value.slice(0, editor.selectionStart))[0].match(/^ */)[0]);
        else {
          leaving = key === "Escape";
          return;
        }
        event.preventDefault();
      };
      grow();
      block.after(editor);
      figure.classList.add("ps-edited");
      change.hidden = true;
      reset.hidden = hint.hidden = false;
      editor.focus();
    };

    const restore = () => {
      if (running) halt();
      editor?.remove();
      output?.element.remove();
      editor = output = undefined;
      figure.classList.remove("ps-edited", "ps-ran");
      change.hidden = false;
      reset.hidden = hint.hidden = true;
      status.textContent = "";
      start.focus();
      dispatchEvent(new Event("resize")); // the replay measures the program where it is shown again
    };

    const button = (textContent, onclick) => make("button", { type: "button", textContent, onclick });
    const start = button("Run", () => (running ? halt() : run()));
    const change = button("Edit", edit);
    const reset = button("Reset", restore);
    const hint = make("span", { id: `ps-keys-${index}`, textContent: "Ctrl+Enter runs. Esc, then Tab, leaves." });
    const status = make("output", {});
    reset.hidden = hint.hidden = true;
    bar.append(start, change, reset, hint, status);
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", `Run ${name}`);
    bar.hidden = false;
  };

  // A page that was opened as a file may start no worker.
  const opened = location.protocol === "file:";
  document.querySelectorAll(".ps-run").forEach(opened ? (bar) => bar.remove() : setUp);
})();
