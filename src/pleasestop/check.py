"""Run what is stale, take the rest from the cache, judge all of it."""

import ast
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pleasestop import contract, runner
from pleasestop.catalog import MAX_TIMEOUT, Snippet
from pleasestop.pythons import Python
from pleasestop.runner import Event, Job, Run

CACHE = Path(".pleasestop/cache")
"""Where runs are kept, below the current folder. (Not in `.cache`: `zensical build -c` empties that.)"""


@dataclass(frozen=True)
class Checked:
    """A snippet, its run (None where no Python here admits it), and what is wrong with it."""

    snippet: Snippet
    run: Run | None
    problems: tuple[str, ...]
    cached: bool

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check(
    wanted: Sequence[tuple[Snippet, Python | None]],
    *,
    at_once: int = 8,
    cache: Path | None = CACHE,
    ended: Callable[[Checked], None] | None = None,
) -> list[Checked]:
    """Judge each snippet on its Python; `ended` is called as each result comes.

    A run is taken from `cache` where nothing that decides its result has changed. Only runs
    without a problem are kept there; a verdict is never cached.
    """
    results: dict[int, Checked] = {}
    stale: list[tuple[int, Snippet, Python, Path | None]] = []

    def conclude(index: int, checked: Checked) -> None:
        results[index] = checked
        if ended is not None:
            ended(checked)

    for index, (snippet, python) in enumerate(wanted):
        if python is None:
            conclude(index, Checked(snippet, None, tuple(_unrunnable(snippet)), cached=False))
            continue
        stored = cache / f"{key(snippet, python)}.json" if cache is not None else None
        kept = _read(stored, python) if stored is not None else None
        if kept is None or contract.problems(snippet, kept):
            stale.append((index, snippet, python, stored))
        else:
            conclude(index, Checked(snippet, kept, (), cached=True))

    def finished(position: int, run: Run) -> None:
        index, snippet, _, stored = stale[position]
        found = tuple(contract.problems(snippet, run))
        if stored is not None and not found:
            _write(stored, run)
        conclude(index, Checked(snippet, run, found, cached=False))

    if stale:
        jobs = [job(snippet, python) for _, snippet, python, _ in stale]
        runner.run_all(jobs, at_once, finished)
    return [results[index] for index in range(len(wanted))]


def job(snippet: Snippet, python: Python) -> Job:
    """Say how a snippet is run: one that is meant to hang has its `timeout` in silence."""
    if snippet.rules.wrong == "hangs":
        return Job(snippet.path.resolve(), python, MAX_TIMEOUT, silence=snippet.rules.timeout)
    return Job(snippet.path.resolve(), python, snippet.rules.timeout)


def _unrunnable(snippet: Snippet) -> Iterable[str]:
    """Judge a snippet that nothing here can run: it can still be shown if it was approved."""
    path = snippet.approved_for_newest()
    if path is None:
        yield (
            f"no Python found here runs it (it wants {snippet.requires_python or 'any'}) and it has no "
            f"approved output; give one: pleasestop approve {snippet.name} --python PATH"
        )
        return
    try:
        contract.approved(path)
    except ValueError as error:
        yield f"{path}: {error}"


def key(snippet: Snippet, python: Python) -> str:
    """Hash all that decides what a run prints; never how it is shown or judged.

    The snippet and the local modules it imports, the interpreter's build and the packages
    the snippet declares, platform, and the runner with its shim.
    """
    digest = hashlib.sha256()
    for part in (
        *sources(snippet.path),
        Path(runner.__file__),
        runner.SHIM / "sitecustomize.py",
    ):
        digest.update(part.read_bytes() + b"\0")
    told = (python.build, str(python.path), python.system, str(job(snippet, python)), *snippet.dependencies)
    digest.update(json.dumps(told).encode())
    return digest.hexdigest()


def sources(path: Path, seen: frozenset[Path] = frozenset()) -> list[Path]:
    """Return `path` and the modules beside it that it imports, directly or not."""
    if path in seen:
        return []
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError:
        return [path]  # for a newer Python than ours: such a snippet imports nothing local
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    found = [path]
    for name in sorted(names):
        local = path.with_name(f"{name}.py")
        if local.exists():
            found += sources(local, seen | set(found))
    return found


def _read(path: Path, python: Python) -> Run | None:
    """Return the run kept at `path`, or None where there is none or it cannot be read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        events = tuple(Event(**event) for event in data["events"])
        return Run(python, events, data["exit"], data["seconds"], tuple(data["leaks"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(path: Path, run: Run) -> None:
    """Keep a run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {
        "events": [asdict(event) for event in run.events],
        "exit": run.exit,
        "seconds": run.seconds,
        "leaks": run.leaks,
    }
    write_whole(path, json.dumps(data))


@contextmanager
def make_whole(folder: Path) -> Iterator[Path]:
    """Give a path aside, where a folder is to be made that becomes `folder`: it is there whole or not at all.

    Where another process was faster, its folder stays.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as told:
        aside = Path(told) / "whole"
        yield aside
        with suppress(OSError):
            aside.rename(folder)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file, a text in UTF-8, so that whoever looks sees all of it or what was there before."""
    handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
