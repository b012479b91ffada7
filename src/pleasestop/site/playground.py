"""Decide which snippets can run in a page, and bring the Python for it into the project.

The page's Python is Pyodide, CPython compiled for the browser. It comes from its npm package,
is kept beside the cache of runs, and is copied into the site, so that a reader's browser asks
no other host. Where it cannot be fetched, pages show what was recorded and nothing is missing.
"""

import functools
import json
import shutil
import subprocess
import tokenize
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from pleasestop.site import npm
from pleasestop.snippets import cache
from pleasestop.snippets.model import Snippet

PYODIDE = "314.0.7"
"""The version of the npm package `pyodide`."""
PYTHON = Version("3.14.2")
"""The CPython in it."""
FOLDER = f"pyodide-{PYODIDE}-compiled"
"""The folder of its files, in the site's assets and beside the cache of runs."""
LOADED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
"""What a page loads of it when a reader presses Run."""
STATIC = Path(__file__).parent / "static"
"""Our scripts and styles for pages."""

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
"""What a browser does not have, and the names by which a program uses it."""


def needs(snippet: Snippet) -> str:
    """Return what the snippet needs and a page's Python does not have, "" where it can run there.

    A page has one Python, no packages, and nothing of what `_ABSENT` lists. A need that names
    do not show is declared by the snippet (`browser`).
    """
    if not snippet.requires_python.contains(PYTHON):
        return f"Python {str(snippet.requires_python).removeprefix('>=')}"
    used = frozenset().union(*(_names(path, path.stat().st_mtime_ns) for path in (snippet.path, *snippet.modules)))
    needed = [what for what, names in _ABSENT.items() if names & used]
    needed += [Requirement(text).name for text in snippet.dependencies]
    needed += [snippet.expectation.browser] if snippet.expectation.browser else []
    return " and ".join(filter(None, [", ".join(needed[:-1]), *needed[-1:]]))


@functools.lru_cache(4096)
def _names(path: Path, changed: int) -> frozenset[str]:  # noqa: ARG001 (so that a changed file is read again)
    """Return every name in a program, also in one that only a newer Python can parse."""
    with path.open(encoding="utf-8") as program:
        tokens = tokenize.generate_tokens(program.readline)
        return frozenset(token.string for token in tokens if token.type == tokenize.NAME)


def module_urls(snippet: Snippet) -> list[tuple[Path, str]]:
    """Return the local modules that a snippet imports, each with its address below the site's root."""
    return [(path, f"raw/{snippet.folder}/{path.name}") for path in snippet.modules]


def folder(root: Path) -> Path | None:
    """Return the folder of Pyodide's files in a project, None where it was not fetched."""
    kept = root / cache.FOLDER.with_name(FOLDER)
    return kept if kept.is_dir() else None


def fetch(root: Path) -> str:
    """Fetch Pyodide into a project, unless it is there; return why it cannot be fetched, "" if it can.

    Raises `PleaseStopError` where the package is not the one that is pinned.
    """
    if folder(root) is not None:
        return ""
    try:
        kept = (root / cache.FOLDER.with_name(FOLDER)).resolve()
        npm.fetch(f"pyodide@{PYODIDE}", _SHA512, LOADED, kept, _compile)
    except (OSError, subprocess.SubprocessError) as error:
        return f"pages get no Run buttons: npm cannot give Pyodide {PYODIDE} ({error})"
    return ""


def _compile(files: Path) -> None:
    """Compile the modules that Pyodide loads at its start, and empty its list of packages.

    Without that each start compiles more than a hundred modules, which takes longer than all
    the rest, and packages would be loaded from another host. Raises OSError with the last
    words of Node.js where it fails.
    """
    lock = files / "pyodide-lock.json"
    lock.write_text(json.dumps({**json.loads(lock.read_text(encoding="utf-8")), "packages": {}}), encoding="utf-8")
    command = [shutil.which("node") or "node", str(STATIC / "compile.mjs"), str(files), str(STATIC / "run_loop.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise OSError(f"Node.js cannot compile its modules: {done.stderr[-400:].strip()}")
