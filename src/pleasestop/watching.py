"""Read what a watched run told, as moments that can be kept.

`shim/pleasestop_watching.py` says how they are sent. Here process ids, thread ids and
addresses become small numbers, in the order in which they were first seen, so that two
runs that did the same give the same moments but for their times.
"""

import ast
import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.version import Version

from pleasestop.pythons import Python
from pleasestop.runner import Event, Job, Run

OLDEST = Version("3.12")
"""`sys.monitoring` is as old as that."""

MANY = 300
"""Moments that a recording keeps at most; a program that does more is not drawn on a page."""

_OF_AN_EXCEPTION = ("delivered", "raised", "done", "leave", "unblock")
_FOLDERS = re.compile(r"(?<!\w)/(?:[\w.+-]+/)+")
_TO_A_PROCESS = ("BaseProcess.", "Popen.", "Process.")
_OF_A_GENERATOR = ("generator.close", "generator.throw")


@dataclass(frozen=True)
class Moment:
    """Something that a program did.

    `at` is in seconds since the start of the run. `process` and `thread` are numbered from 0
    (the program itself), `task` and `generator` from 1 in each process, 0 for none. `span` is
    (first line, last line, first column, column after the end) in the program's file, lines
    1-based, columns 0-based and in UTF-8 bytes; None where the program's text says nothing
    of it. `link` names a process, a generator or an object that the moment is about, and
    `details` what else belongs to its `kind`. For the kinds "stdout" and "stderr", `details`
    is how many lines came to their end; what they say stands in the approved output, without the machine's paths.
    """

    at: float
    process: int
    thread: int
    task: int
    generator: int
    kind: str
    span: tuple[int, int, int, int] | None
    link: int | None
    details: tuple[Any, ...]

    @property
    def lane(self) -> tuple[int, int, int, int]:
        """Who did it: process, thread, task, generator."""
        return self.process, self.thread, self.task, self.generator

    def as_json(self) -> list[Any]:
        """Give it as what JSON can hold."""
        return [round(self.at, 4), list(self.lane), self.kind, self.span, self.link, *self.details]

    @classmethod
    def from_json(cls, data: list[Any]) -> "Moment":
        """Read what `as_json` gave; raises ValueError or TypeError for anything else."""
        at, lane, kind, span, link, *details = data
        process, thread, task, generator = lane
        return cls(at, process, thread, task, generator, kind, tuple(span) if span else None, link, tuple(details))


def watched(job: Job) -> Job:
    """Return the same job, to be watched."""
    return dataclasses.replace(job, watch=True)


def can_watch(python: Python) -> bool:
    """Whether what the shim uses is there."""
    return python.version >= OLDEST and python.implementation == "CPython"


def story(told: Iterable[Moment]) -> tuple[object, ...]:
    """Return what moments tell but for their times, to compare one run with another."""
    return tuple(dataclasses.replace(moment, at=0.0) for moment in told)


class _Numbers:
    """Small numbers for what has large ones, in order of appearance."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}

    def __getitem__(self, key: object) -> int:
        return self._known.setdefault(key, len(self._known))


def moments(run: Run) -> tuple[Moment, ...]:
    """Read the moments of a watched run, the output among them, in the order in which they came.

    What says nothing more is left out: a task that suspends or goes on does so in each of
    its frames, of which the innermost of the program's own is kept.
    """
    processes, threads, objects = _Numbers(), _Numbers(), _Numbers()
    found: list[Moment] = []
    started: float | None = None
    for event in run.events:
        if event.stream != "watch":
            at = 0.0 if not found else max(found[-1].at, 0.0)
            found.append(Moment(at, 0, 0, 0, 0, event.stream, None, None, (event.text.count("\n"),)))
            continue
        at, pid, thread, task, generator, kind, place, *details = _parse(event)
        started = at if started is None else started
        link = _link(kind, details, pid, processes, objects)
        # What an exception says may name files; their folders belong to the machine.
        if kind in _OF_AN_EXCEPTION:
            details = [_FOLDERS.sub("", told) if isinstance(told, str) else told for told in details]
        moment = Moment(
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
        if kind == "suspend" and (last := _last_of(found, moment)) is not None and last.kind == "suspend":
            continue
        if kind == "resume" and (last := _last_of(found, moment)) is not None and last.kind == "resume":
            found.remove(last)
        found.append(moment)
    return tuple(found)


def _parse(event: Event) -> tuple[Any, ...]:
    parsed = ast.literal_eval(event.text)
    assert isinstance(parsed, tuple)
    return parsed


def _span(place: object) -> tuple[int, int, int, int] | None:
    if not isinstance(place, tuple) or place[0] is None:
        return None
    if len(place) == 2:  # the line of a definition
        return (place[0], place[1], 0, 0)
    line, last, column, end = place
    return (line, last or line, column or 0, end or 0)


def _link(kind: str, details: list[Any], pid: int, processes: _Numbers, objects: _Numbers) -> int | None:
    """Take what a moment is about out of its details, as a small number."""
    if kind in ("process.begin", "thread.begin", "job.begin"):
        told = details.pop() if details else None
        # A process tells its parent first and, once multiprocessing is up, itself.
        return None if kind == "process.begin" or told is None else objects[pid, told]
    if kind in ("process.start", "process.exit"):
        return processes[details.pop(0)]
    if kind == "future.cancel":
        return objects[pid, details.pop(0)]
    if kind not in ("call", "block"):
        return None
    name, told = details
    del details[1]
    if told is None or name in _OF_A_GENERATOR:
        return told if isinstance(told, int) else None
    to_a_process = name.startswith(_TO_A_PROCESS) or name in ("kill", "killpg")
    return processes[told] if to_a_process else objects[pid, told]


def _last_of(found: Sequence[Moment], moment: Moment) -> Moment | None:
    told = (other for other in reversed(found) if other.kind not in ("stdout", "stderr"))
    return next((other for other in told if other.lane == moment.lane), None)
