"""Recordings of the runs that pages replay, one file for each: `records/traces/NAME.json`."""

import dataclasses
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pleasestop.files import atomic_write
from pleasestop.messages import PleaseStopError
from pleasestop.snippets import compare, runner
from pleasestop.snippets.cache import job
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.model import Snippet
from pleasestop.snippets.runner import Run
from pleasestop.trace.events import TraceEvent, trace_events, traced, without_times

RUNS = 5
"""Traced runs of a snippet, of which the most usual is kept."""

MOST_EVENTS = 300
"""Events that a recording keeps at most; a program that does more is not drawn on a page."""


@dataclass(frozen=True)
class Recording:
    """What one traced run of a snippet did.

    `interpreter` is a label, `version` a full version, `fingerprint` that of the program. The
    spans of the events count the lines of `Snippet.program`, so a changed docstring makes no
    recording stale. There are no events where the run has more than `MOST_EVENTS`.
    """

    interpreter: str
    version: str
    fingerprint: str
    events: tuple[TraceEvent, ...]


class Recordings:
    """The recordings in a folder; each file is read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, Recording | None] = {}

    def get(self, snippet: Snippet) -> Recording | None:
        """Return the recording of a snippet as it is now, None if there is none.

        Raises `PleaseStopError` for a file that is not a recording.
        """
        if snippet.name not in self._known:
            path = self._path(snippet.name)
            self._known[snippet.name] = _read(path) if path.exists() else None
        kept = self._known[snippet.name]
        return kept if kept is not None and kept.fingerprint == snippet.fingerprint else None

    def put(self, snippet: Snippet, recording: Recording) -> None:
        """Write the recording of a snippet, one line for each event, so that a change can be read."""
        head = {name: getattr(recording, name) for name in ("interpreter", "version", "fingerprint")}
        rows = ",\n".join(json.dumps(event.as_json()) for event in recording.events)
        self.folder.mkdir(parents=True, exist_ok=True)
        atomic_write(self._path(snippet.name), f'{json.dumps(head)[:-1]}, "events": [\n{rows}\n]}}\n')
        self._known[snippet.name] = recording

    def names(self) -> list[str]:
        """Return the names of the snippets that have a recording, fresh or not."""
        return sorted(path.stem for path in self.folder.glob("*.json"))

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def _read(path: Path) -> Recording:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        events = tuple(TraceEvent.from_json(event) for event in data["events"])
        return Recording(data["interpreter"], data["version"], data["fingerprint"], events)
    except (ValueError, KeyError, TypeError):
        raise PleaseStopError(
            f"{path}: this is not a recording; delete it and run: python dev.py approve {path.stem}"
        ) from None


def record(
    wanted: Sequence[tuple[Snippet, Interpreter]], ended: Callable[[Snippet, Run, list[str]], None] = lambda *_: None
) -> dict[str, Recording]:
    """Run each snippet `RUNS` times traced and return, by name, the recording of its most usual run.

    Each run must print and do as approved, because tracing must not change a program. `ended`
    is called after every run with its problems; a snippet with problems gets no recording.
    """
    runs: dict[int, list[Run]] = defaultdict(list)
    deviated: set[int] = set()

    def done(position: int, run: Run) -> None:
        index = position // RUNS
        problems = compare.problems(wanted[index][0], run)
        if problems:
            deviated.add(index)
        runs[index].append(run)
        ended(wanted[index][0], run, problems)

    jobs = [traced(job(snippet, interpreter)) for snippet, interpreter in wanted for _ in range(RUNS)]
    # Few at once: on a crowded machine a drawing would show its scheduling, not the program.
    runner.run_all(jobs, 2, done)
    return {
        snippet.name: _most_usual(snippet, interpreter, runs[index])
        for index, (snippet, interpreter) in enumerate(wanted)
        if index not in deviated
    }


def _most_usual(snippet: Snippet, interpreter: Interpreter, runs: Sequence[Run]) -> Recording:
    all_events = [trace_events(run) for run in runs]
    usual = Counter(map(without_times, all_events)).most_common(1)[0][0]
    events = next(events for events in all_events if without_times(events) == usual)
    shown = tuple(_in_program(event, snippet) for event in events) if len(events) <= MOST_EVENTS else ()
    return Recording(runs[0].interpreter.label, str(interpreter.version), snippet.fingerprint, shown)


def _in_program(event: TraceEvent, snippet: Snippet) -> TraceEvent:
    """Return an event whose span counts the lines of the program, not those of its file."""
    if event.span is None:
        return event
    first, last, start, end = event.span
    if first not in snippet.lines:
        return dataclasses.replace(event, span=None)
    lines = snippet.lines[first] + 1, snippet.lines.get(last, snippet.lines[first]) + 1
    return dataclasses.replace(event, span=(*lines, start, end))
