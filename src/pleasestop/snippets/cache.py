"""Keep the runs of snippets, so that only what changed is run again."""

import hashlib
import json
import os
import time
from dataclasses import asdict
from pathlib import Path

from pleasestop.files import atomic_write
from pleasestop.snippets import capture, runner
from pleasestop.snippets.capture import Event
from pleasestop.snippets.environments import with_packages
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import MAX_TIMEOUT, Snippet
from pleasestop.snippets.runner import Job, Run

FOLDER = Path(".pleasestop/cache")
"""Where runs are kept, below the project's folder. (`zensical build -c` empties `.cache`.)"""

DAYS_KEPT = 30
"""Days after which a run that no build used is deleted."""


class RunCache:
    """Runs without a problem, in a folder; and all runs of this process, in memory.

    Memory keeps failures too: while a site is served, a snippet that hangs is run once, not
    once for each page that is saved. With `folder` None nothing is kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._memory: dict[str, Run] = {}

    def get(self, key: str, interpreter: Interpreter) -> Run | None:
        """Return the run kept under a key, or None where there is none or it cannot be read."""
        if self.folder is None:
            return None
        if key not in self._memory:
            path = self.folder / f"{key}.json"
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
                events = tuple(Event(**event) for event in data["events"])
                self._memory[key] = Run(interpreter, events, data["exit"], data["seconds"], tuple(data["leaks"]))
                os.utime(path)
            except (OSError, ValueError, KeyError, TypeError):
                return None
        return self._memory[key]

    def put(self, key: str, run: Run, *, good: bool) -> None:
        """Keep a run; one that is not `good` in memory only."""
        if self.folder is None:
            return
        self._memory[key] = run
        if good:
            data = {
                "events": [asdict(event) for event in run.events],
                "exit": run.exit,
                "seconds": run.seconds,
                "leaks": run.leaks,
            }
            self.folder.mkdir(parents=True, exist_ok=True)
            atomic_write(self.folder / f"{key}.json", json.dumps(data))

    def prune(self) -> None:
        """Delete the runs that no build has used for `DAYS_KEPT` days."""
        oldest = time.time() - DAYS_KEPT * 24 * 3600
        for path in [] if self.folder is None else self.folder.glob("*.json"):
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def job(snippet: Snippet, interpreter: Interpreter) -> Job:
    """Return how a snippet is run: in its environment; one that is meant to hang has its `timeout` as silence."""
    interpreter = with_packages(snippet, interpreter)
    if snippet.expectation.wrong == "hangs":
        return Job(snippet.path.resolve(), interpreter, MAX_TIMEOUT, silence=snippet.expectation.timeout)
    return Job(snippet.path.resolve(), interpreter, snippet.expectation.timeout)


def run_key(snippet: Snippet, interpreter: Interpreter) -> str:
    """Hash all that decides what a run prints, and nothing of how it is shown or judged.

    The texts of the snippet and of the local modules that it imports, the lock of the packages
    that it declares, the interpreter's build, the system, and the runner with its bootstrap.
    """
    digest = hashlib.sha256()
    packages = [snippet.lock] if snippet.dependencies else []
    engine = [Path(runner.__file__), Path(capture.__file__), runner.BOOTSTRAP / "sitecustomize.py"]
    for part in (snippet.path, *snippet.modules, *packages, *engine):
        digest.update(part.read_bytes() + b"\0")
    run = job(snippet, interpreter)
    rest = (interpreter.build, str(interpreter.path), interpreter.system, run.limit, run.silence)
    digest.update(json.dumps(rest).encode())
    return digest.hexdigest()
