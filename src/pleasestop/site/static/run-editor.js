// The editor of a program, loaded when a reader presses Edit. The program lies in colours below a textarea whose
// letters are transparent, so that keyboard, undo and screen readers work as in any textarea.
import Prism from "./prism.js";

// Prism's names, and the class by which Pygments marks the same on the page.
const CLASSES = {
  boolean: "kc", builtin: "nb", "class-name": "nc", comment: "c1", decorator: "nd", exception: "ne", function: "nf",
  module: "nn", number: "mi", operator: "o", punctuation: "p", self: "bp", string: "s1", "triple-quoted-string": "s2",
};
const python = Prism.languages.insertBefore("python", "keyword", {
  module: { pattern: /(^(?:from|import)[ \t]+)[\w.]+/m, lookbehind: true },
  exception: {
    pattern: /(^|[^.\w])(?:[A-Z]\w*(?:Error|Warning)|(?:Base)?Exception(?:Group)?|KeyboardInterrupt|(?:Generator|System)Exit|Stop(?:Async)?Iteration)\b/,
    lookbehind: true,
  },
  self: /\bself\b/,
});
// Not what follows a dot, such as `event.set`, nor what was a builtin in Python 2.
python.builtin = { pattern: RegExp(`(^|[^.\\w])(?!file\\b)${python.builtin.source}`), lookbehind: true };
Prism.hooks.add("wrap", (token) => {
  let kind = CLASSES[token.type];
  if (token.type === "keyword") kind = { and: "ow", in: "ow", is: "ow", not: "ow", or: "ow", print: "nb" }[token.content] ?? "k";
  token.classes = kind ? [kind] : [];
});

await new Promise((done) => {
  const href = new URL("run-editor.css", import.meta.url);
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: done }));
});

/** Make an editor for a program; `changed` is called with the new text, `run` when a reader presses Ctrl+Enter. */
export const makeEditor = (text, changed, run) => {
  const colours = document.createElement("div");
  colours.className = "highlight";
  colours.ariaHidden = "true";
  const area = Object.assign(document.createElement("textarea"), { value: text, wrap: "off", spellcheck: false, autocapitalize: "off" });
  const element = document.createElement("div");
  element.className = "ps-editor";
  element.append(colours, area);
  // The last line is shown only if something follows it.
  const paint = () => (colours.innerHTML = Prism.highlight(`${area.value}\n`, python, "python"));
  const type = (text) => document.execCommand("insertText", false, text); // keeps the editor's undo history
  let leaving = false;
  area.oninput = () => {
    paint();
    changed(area.value);
  };
  area.onscroll = () => (colours.style.translate = `${-area.scrollLeft}px`);
  area.onkeydown = (event) => {
    const { key } = event;
    if (event.isComposing) return;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) run();
    else if (key === "Tab" && !event.shiftKey && !leaving) type("    ");
    else if (key === "Enter") type("\n" + /[^\n]*$/.exec(area.value.slice(0, area.selectionStart))[0].match(/^ */)[0]);
    else {
      leaving = key === "Escape";
      return;
    }
    event.preventDefault();
  };
  paint();
  return { element, area };
};
