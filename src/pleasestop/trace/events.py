"""Read what a traced run sent, as events that can be kept.

`monitor/pleasestop_monitor.py` says how they are sent. Here process ids, thread ids and
addresses become small numbers, in the order in which they were first seen, so that two runs
that did the same have the same events but for their times.
"""

import ast
import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import Version

from pleasestop.snippets.capture import Event
from pleasestop.snippets.interpreters import Interpreter
from pleasestop.snippets.runner import Job, Run

OLDEST = Version("3.12")
"""The oldest Python with `sys.monitoring`."""

MONITOR = Path(__file__).parent / "monitor"
"""The folder of the module that a traced program loads."""

_OF_AN_EXCEPTION = ("delivered", "raised", "done", "leave", "unblock")
_FOLDERS = re.compile(r"(?<!\w)/(?:[\w.+-]+/)+")
_TO_A_PROCESS = ("BaseProcess.", "Popen.", "Process.")
_OF_A_GENERATOR = ("generator.close", "generator.throw")

Span = tuple[int, int, int, int]
"""A piece of a program: first line, last line, first column, column after the end; lines 1-based,
columns 0-based and in UTF-8 bytes."""


@dataclass(frozen=True)
class TraceEvent:
    """Something that a program did.

    `at` is in seconds since the start of the run. `process` and `thread` are numbered from 0
    (the program itself), `task` and `generator` from 1 in each process, 0 for none. `span` is
    the piece of the program that did it; None where no text of the program did. `link` names
    a process, a generator or an object that the event is about, and `details` hold what else
    belongs to its `kind`. For the kinds "stdout" and "stderr", `details` hold the number of
    lines that were completed; the text is in the approved output.
    """

    at: float
    process: int
    thread: int
    task: int
    generator: int
    kind: str
    span: Span | None
    link: int | None
    details: tuple[Any, ...]

    @property
    def lane(self) -> tuple[int, int, int, int]:
        """What did it: process, thread, task, generator."""
        return self.process, self.thread, self.task, self.generator

    def as_json(self) -> list[Any]:
        """Return the event as a list that JSON can hold."""
        return [round(self.at, 4), list(self.lane), self.kind, self.span, self.link, *self.details]

    @classmethod
    def from_json(cls, data: list[Any]) -> "TraceEvent":
        """Read what `as_json` returned; raises ValueError or TypeError for anything else."""
        at, lane, kind, span, link, *details = data
        process, thread, task, generator = lane
        return cls(at, process, thread, task, generator, kind, tuple(span) if span else None, link, tuple(details))


def traced(job: Job) -> Job:
    """Return the same job, to be traced."""
    return dataclasses.replace(job, monitor=MONITOR)


def can_trace(interpreter: Interpreter) -> bool:
    """Return whether the monitor works on an interpreter."""
    return interpreter.version >= OLDEST and interpreter.implementation == "CPython"


def without_times(events: Iterable[TraceEvent]) -> tuple[TraceEvent, ...]:
    """Return events with all times 0, to compare one run with another."""
    return tuple(dataclasses.replace(event, at=0.0) for event in events)


class _Numbers:
    """Small numbers in place of large ones, in the order of appearance."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}

    def __getitem__(self, key: object) -> int:
        return self._known.setdefault(key, len(self._known))

    def items(self) -> Iterable[tuple[object, int]]:
        """Return what has a number, and the numbers."""
        return self._known.items()


def trace_events(run: Run) -> tuple[TraceEvent, ...]:
    """Return the events of a traced run, its output among them, in the order in which they came.

    What adds nothing is left out: a task that suspends or resumes does so in each of its
    frames, of which the innermost of the program's own is kept.
    """
    processes, threads, objects = _Numbers(), _Numbers(), _Numbers()
    found: list[TraceEvent] = []
    started: float | None = None
    for sent in run.events:
        if sent.stream != "trace":
            at = 0.0 if not found else max(found[-1].at, 0.0)
            found.append(TraceEvent(at, 0, 0, 0, 0, sent.stream, None, None, (sent.text.count("\n"),)))
            continue
        at, pid, thread, task, generator, kind, place, *details = _parse(sent)
        started = at if started is None else started
        link = _link(kind, details, pid, processes, objects)
        # The text of an exception may name files; their folders belong to the machine.
        if kind in _OF_AN_EXCEPTION:
            details = [_FOLDERS.sub("", detail) if isinstance(detail, str) else detail for detail in details]
        event = TraceEvent(
            at - started,
            processes[pid],
            threads[pid, thread],
            task,
            generator,
            kind,
            _span(place),
            link,
            tuple(details),
        )
        if kind == "suspend" and (last := _last_of(found, event)) is not None and last.kind == "suspend":
            continue
        if kind == "resume" and (last := _last_of(found, event)) is not None and last.kind == "resume":
            found.remove(last)
        found.append(event)
    alive = {process.pid for process in run.processes}
    end = found[-1].at if found else 0.0
    gone = [number for pid, number in processes.items() if alive and pid not in alive]
    found += [TraceEvent(end, number, 0, 0, 0, "process.gone", None, None, ()) for number in gone]
    return tuple(found)


def _parse(sent: Event) -> tuple[Any, ...]:
    parsed = ast.literal_eval(sent.text)
    assert isinstance(parsed, tuple)
    return parsed


def _span(place: object) -> Span | None:
    if not isinstance(place, tuple) or place[0] is None:
        return None
    if len(place) == 2:  # the line of a definition
        return (place[0], place[1], 0, 0)
    line, last, column, end = place
    return (line, last or line, column or 0, end or 0)


def _link(kind: str, details: list[Any], pid: int, processes: _Numbers, objects: _Numbers) -> int | None:
    """Take what an event is about out of its details, and return it as a small number."""
    if kind in ("process.begin", "thread.begin", "job.begin"):
        value = details.pop() if details else None
        # A process sends its parent first and, once multiprocessing is up, itself.
        return None if kind == "process.begin" or value is None else objects[pid, value]
    if kind in ("process.start", "process.exit"):
        return processes[details.pop(0)]
    if kind == "future.cancel":
        return objects[pid, details.pop(0)]
    if kind not in ("call", "block"):
        return None
    name, value = details
    del details[1]
    if value is None or name in _OF_A_GENERATOR:
        return value if isinstance(value, int) else None
    to_a_process = name.startswith(_TO_A_PROCESS) or name in ("kill", "killpg")
    return processes[value] if to_a_process else objects[pid, value]


def _last_of(found: Sequence[TraceEvent], event: TraceEvent) -> TraceEvent | None:
    others = (other for other in reversed(found) if other.kind not in ("stdout", "stderr"))
    return next((other for other in others if other.lane == event.lane), None)
