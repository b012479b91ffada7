"""Which snippets can run in a page, and what their figures need for it.

The page's Python is Pyodide, CPython compiled for the browser. It comes from its npm package when
a site is built, is kept beside the cache of runs, and is copied into the site, so that a reader
asks no other host. Where it cannot be had, pages show what was recorded and nothing is missing.
"""

import html
import json
import shutil
import subprocess
import sys
import tempfile
import tokenize
from functools import cache
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from pleasestop import npm
from pleasestop.catalog import Snippet
from pleasestop.check import CACHE, sources
from pleasestop.picture import ASSETS

PYODIDE = "314.0.7"
"""The version of the npm package `pyodide`."""
PYTHON = Version("3.14.2")
"""The CPython in it."""
FOLDER = f"pyodide-{PYODIDE}-compiled"
"""The folder of its files, in the site's assets and beside the cache of runs."""
LOADED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
"""What a page loads of it when a reader presses Run."""
SCRIPTS = ("run-worker.js", "run_loop.py")
"""What the site adds; `run.js` starts it."""

_SHA512 = (
    "d18bd7c4485f11da4b7dbfd790cd8114078c44eab488c517d9bcf31fda4eb6dc"
    "8c716930abe1db139bb2b860fcd8b37bcb6abe48dbe2ffa579244b0e943d91d4"
)

_ABSENT = {
    "threads": {"Thread", "Timer", "ThreadPoolExecutor", "to_thread", "run_in_executor", "start_new_thread"},
    "processes": {
        "multiprocessing",
        "subprocess",
        "ProcessPoolExecutor",
        "create_subprocess_exec",
        "create_subprocess_shell",
        "fork",
    },
    "sockets": {"socket", "open_connection", "start_server"},
    "signals": {"signal", "add_signal_handler"},
}
"""What a browser does not have, and the names that a program asks for it by."""


def lacks(snippet: Snippet) -> str | None:
    """Name what the snippet needs and a page's Python does not have; None where it can run there.

    A page has no other Python, no packages, and none of what `_ABSENT` lists; what cannot be seen
    from its names, a snippet says itself (`browser` in its header).
    """
    if not snippet.requires_python.contains(PYTHON):
        return f"Python {str(snippet.requires_python).removeprefix('>=')}"
    used = set().union(*(_names(path) for path in sources(snippet.path)))
    needed = [what for what, names in _ABSENT.items() if names & used]
    needed += [Requirement(text).name for text in snippet.dependencies]
    needed += [snippet.rules.browser] if snippet.rules.browser else []
    return " and ".join([", ".join(needed[:-1]), *needed[-1:]]).removeprefix(" and ") or None


def _names(path: Path) -> set[str]:
    """Return every name in a program, also in one that only a newer Python than ours can parse."""
    with path.open(encoding="utf-8") as program:
        return {token.string for token in tokenize.generate_tokens(program.readline) if token.type == tokenize.NAME}


@cache
def pyodide() -> Path | None:
    """Return the folder of Pyodide's files; None where it cannot be had, which is told on stderr.

    Raises `PleaseStopError` where the package is not the one that was pinned.
    """
    kept = CACHE.with_name(FOLDER).resolve()
    if not kept.exists():
        try:
            npm.fetch(f"pyodide@{PYODIDE}", _SHA512, LOADED, kept, _finish)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"no Run buttons: npm cannot give Pyodide {PYODIDE} ({error})", file=sys.stderr)
            return None
    return kept


def _finish(folder: Path) -> None:
    """Empty the list of packages that Pyodide would load from another host; compile what it loads of its own.

    Otherwise each start compiles more than a hundred modules, which takes longer than all the rest. Where Node.js
    fails, its last words are in the error.
    """
    lock = folder / "pyodide-lock.json"
    lock.write_text(json.dumps({**json.loads(lock.read_text(encoding="utf-8")), "packages": {}}), encoding="utf-8")
    command = [shutil.which("node") or "node", str(ASSETS / "compile.mjs"), str(folder), str(ASSETS / "run_loop.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise OSError(f"Node.js cannot compile its modules: {done.stderr[-400:].strip()}")


def publish(snippet: Snippet, site: Path) -> None:
    """Put what a page needs to run the snippet into the site; what is there already stays as it is."""
    kept = pyodide()
    assert kept is not None, "a figure was drawn with buttons"
    files = {site / "assets" / FOLDER / name: kept / name for name in LOADED}
    files |= {site / "assets" / name: ASSETS / name for name in SCRIPTS}
    files |= {site / url: path for path, url in _modules(snippet)}
    for target, source in files.items():
        if target.exists() and target.stat().st_mtime_ns == source.stat().st_mtime_ns:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        # Pages are drawn at once by more than one thread or process: each writes a whole file.
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as aside:
            pass
        shutil.copy2(source, aside.name)
        Path(aside.name).replace(target)


def _modules(snippet: Snippet) -> list[tuple[Path, str]]:
    """Return the local modules that the snippet imports, each with its address below the site's root."""
    return [(path, f"raw/{snippet.folder}/{path.name}") for path in sources(snippet.path)[1:]]


def controls(snippet: Snippet, to_root: str) -> str:
    """Draw the place for the buttons, which the script fills; `to_root` is the relative URL of the site's root."""
    told = {
        "name": f"{snippet.name}.py",
        "line": str(min(snippet.lines)),
        "modules": " ".join(to_root + url for _, url in _modules(snippet)),
        "folder": FOLDER,
        "python": f"CPython {PYTHON}",
    }
    data = "".join(f' data-{name}="{html.escape(value)}"' for name, value in told.items())
    return f'<div class="ps-run"{data} hidden></div>'


def elsewhere(needed: str, address: str, raw: str, *, again: bool) -> str:
    """Tell why a figure has no buttons, and how to run its program, which is at `raw` below the site's `address`.

    The reason is left out where the page has told it before, which is `again`.
    """
    command = f"uv run {address.rstrip('/')}/{raw}" if address else f"python {raw.rpartition('/')[2]}"
    why = "On" if again else f"Needs {html.escape(needed)}, which this page does not have; on"
    return f'<p class="ps-links" data-search-exclude>{why} your machine: <code>{html.escape(command)}</code></p>'
