"""A project: its snippets, recipes, records and recordings, each loaded once."""

import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from pleasestop.messages import PleaseStopError
from pleasestop.recipes import model as recipes
from pleasestop.recipes.model import Recipe
from pleasestop.snippets import cache, interpreters, parse, runner
from pleasestop.snippets.cache import RunCache
from pleasestop.snippets.check import Result, check, report, summary
from pleasestop.snippets.environments import obstacle
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.progress import progress_bar
from pleasestop.snippets.records import Records
from pleasestop.trace import events, recordings
from pleasestop.trace.recordings import Recording, Recordings


@dataclass
class Content:
    """What a project's files say, and the runs of its snippets.

    `faults` holds, by the name of a snippet or recipe, why its file cannot be read. `state`
    is equal as long as no file changes.
    """

    state: frozenset[tuple[str, int, int]] = frozenset()
    snippets: dict[str, Snippet] = field(default_factory=dict)
    recipes: dict[str, Recipe] = field(default_factory=dict)
    faults: dict[str, PleaseStopError] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)


class Project:
    """Everything that the site is made from.

    A project is strict or a draft. A strict one raises `PleaseStopError` for whatever does
    not hold. A draft, for the person who writes, keeps each fault to be shown in its place,
    and makes a missing recording at once, without writing it.
    """

    def __init__(self, root: Path, *, draft: bool = False) -> None:
        self.root = root
        self.draft = draft
        self.snippets = root / "snippets"
        self.docs = root / "docs"
        self.cache = RunCache(root / cache.FOLDER)
        self.content = Content()
        self._records: Records | None = None
        self._recordings: Recordings | None = None
        self._drafts: dict[str, Recording | None] = {}

    @property
    def records(self) -> Records:
        """What proving saw, read once until a file changes."""
        self._records = self._records or Records(self.root / "records")
        return self._records

    @property
    def recordings(self) -> Recordings:
        """The recordings of traced runs, each read once until a file changes."""
        self._recordings = self._recordings or Recordings(self.root / "records" / "traces")
        return self._recordings

    def read(self) -> Content:
        """Read snippets and recipes without running anything; return them with their faults."""
        snippets, faults = parse.load(self.snippets)
        found, recipe_faults = recipes.load(self.snippets / "recipes")
        return Content(snippets=snippets, recipes=found, faults=faults | recipe_faults)

    def refresh(self) -> bool:
        """Read what changed and run what is stale; return whether anything changed.

        Raises `PleaseStopError` that lists every fault, unless the project is a draft.
        """
        folders = [folder for folder in (self.snippets, self.root / "records") if folder.is_dir()]
        state = frozenset(entry for folder in folders for entry in _files(folder))
        if state and state == self.content.state:
            return False
        content = self.read()
        self._records = self._recordings = None
        own = [interpreters.own()]
        runnable = runner.can_run_here()
        wanted = [
            (snippet, interpreters.choose(snippet, own) if runnable else None) for snippet in content.snippets.values()
        ]
        with progress_bar(len(wanted), "running snippets") as (_, advance):
            results = check(wanted, self.cache, ended=lambda _: advance())
        content.results = {result.snippet.name: result for result in results}
        messages = [fault.message for fault in content.faults.values()]
        failed = [result for result in results if not result.ok]
        if self.draft:
            # One line each: the figure shows the rest.
            for message in (*messages, *(f"{one.snippet.path}: {one.problems[0].splitlines()[0]}" for one in failed)):
                self.warn(message)
        elif messages or failed:
            raise PleaseStopError("\n".join([*messages, *map(report, failed), summary(results)]))
        content.state = state
        self.content = content
        self.cache.prune()
        return True

    @staticmethod
    def warn(message: str) -> None:
        """Print a fault of a draft on stderr."""
        click.secho(message, fg="yellow", err=True)

    def recording(self, snippet: Snippet) -> Recording | None:
        """Return the recording of the snippet as it is now; a draft makes one that is missing."""
        kept = self.recordings.get(snippet)
        if kept is not None or not self.draft:
            return kept
        if snippet.fingerprint not in self._drafts:
            able = [one for one in (interpreters.own(), *interpreters.find_all()) if events.can_trace(one)]
            chosen = next((one for one in able if one.admits(snippet) and not obstacle(snippet, one)), None)
            made = recordings.record([(snippet, chosen)]) if chosen is not None else {}
            self._drafts[snippet.fingerprint] = made.get(snippet.name)
        return self._drafts[snippet.fingerprint]


@functools.cache
def project_at(root: Path, *, draft: bool) -> Project:
    """Return the one project of a folder that this process renders."""
    return Project(root, draft=draft)


def _files(folder: str | Path) -> Iterator[tuple[str, int, int]]:
    """Yield path, time of the last change (nanoseconds) and size (bytes) of each file that decides what is shown.

    `Path.rglob` takes four times as long.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(entry.path)
            elif entry.name.endswith((".py", ".out", ".json")):
                status = entry.stat()
                yield entry.path, status.st_mtime_ns, status.st_size
