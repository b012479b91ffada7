// The page's Python, in a worker: it may block here, and ends when the page terminates the worker.
// It receives { folder, name, text, modules } and posts { kind: "running" }, { stream, text }, { kind: "cut" },
// { kind: "endless" }, { kind: "ended", status, seconds } and { kind: "broken", why }.
const MOST_LINES = 500;
const MOST_LETTERS = 64 * 1024;

// Waiting on memory that no other thread has sleeps without work, and needs no special headers.
const bed = new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
const block = (seconds) => {
  Atomics.wait(bed, 0, 0, seconds * 1000);
};
const endless = () => {
  postMessage({ kind: "endless" });
  block(Infinity);
};

let lines = 0;
let letters = 0;
const writer = (stream) => {
  const decoder = new TextDecoder();
  return (bytes) => {
    const text = decoder.decode(bytes, { stream: true });
    if (lines < MOST_LINES && letters + text.length <= MOST_LETTERS) {
      lines += text.split("\n").length - 1;
      letters += text.length;
      postMessage({ stream, text });
    } else if (lines < Infinity) {
      lines = Infinity;
      postMessage({ kind: "cut" });
    }
    return bytes.length;
  };
};

const boot = async (folder) => {
  const here = (path) => new URL(path, import.meta.url).href;
  const [{ loadPyodide }, source] = await Promise.all([
    import(here(`${folder}/pyodide.mjs`)),
    fetch(here("run_loop.py")).then((answer) => answer.text()),
  ]);
  const python = await loadPyodide({
    indexURL: here(`${folder}/`),
    env: { HOME: "/page", PYTHONHASHSEED: "0", NO_COLOR: "1" },
    stdin: () => null,
  });
  python.setStdout({ write: writer("stdout") });
  python.setStderr({ write: writer("stderr") });
  const loop = python.toPy({ __name__: "run_loop" });
  python.runPython(source, { globals: loop, filename: here("run_loop.py") });
  const web = python.pyimport("pyodide.webloop");
  loop.get("install")(web._orig_run, block, endless);
  return { python, run: loop.get("run"), held: loop.get("held"), clean: loop.get("clean"), collect: python.pyimport("gc").collect };
};

let booted;
onmessage = async ({ data: { folder, name, text, modules } }) => {
  try {
    booted ??= boot(folder);
    const { python, run, held, clean, collect } = await booted;
    python.FS.writeFile(name, text);
    for (const url of modules) {
      const answer = await fetch(url);
      python.FS.writeFile(url.split("/").at(-1), await answer.text());
    }
    lines = letters = 0;
    postMessage({ kind: "running" });
    const started = performance.now();
    const status = run(name);
    held.clear();
    collect();
    const seconds = (performance.now() - started) / 1000;
    clean();
    postMessage({ kind: "ended", status, seconds });
  } catch (error) {
    postMessage({ kind: "broken", why: String(error) });
  }
};
