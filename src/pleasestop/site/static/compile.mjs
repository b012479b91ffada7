// Put compiled modules beside their sources in Pyodide's standard library, so that a page's Python starts
// sooner: after a Stop in 1.2 seconds instead of 3.3, where that was measured.
// Node.js calls this once, with the folder of Pyodide's files and the path of run_loop.py.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, loop] = process.argv.slice(2).map((path) => resolve(path));
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")));
const library = join(folder, "python_stdlib.zip");
const python = await loadPyodide({ indexURL: folder });
python.FS.writeFile("run_loop.py", readFileSync(loop));
python.FS.writeFile("sources.zip", readFileSync(library));
python.runPython(`
import sys
from importlib.machinery import FrozenImporter
import run_loop
loaded = [module for module in sys.modules.values() if getattr(module, "__loader__", None) is not FrozenImporter]
files = {getattr(module, "__file__", None) for module in loaded}

import importlib.util
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc

(root,) = (path for path in sys.path if path.endswith(".zip"))
with zipfile.ZipFile("sources.zip") as sources, zipfile.ZipFile("library.zip", "w") as library:
    for entry in sources.infolist():
        content = sources.read(entry)
        library.writestr(entry, content)  # stays, for the lines in tracebacks
        if (path := f"{root}/{entry.filename}") in files:
            code = compile(content, path, "exec", dont_inherit=True)
            # Never compared with its source: what compares takes a time of day in the reader's time zone.
            packed = _code_to_hash_pyc(code, importlib.util.source_hash(content), False)
            compiled = zipfile.ZipInfo(f"{entry.filename}c", entry.date_time)
            library.writestr(compiled, bytes(packed), entry.compress_type)
`);
writeFileSync(library, python.FS.readFile("library.zip"));
