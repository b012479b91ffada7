"""Turn the events of a traced run into a timeline: lanes, rows with labels, steps.

Rows are in the order of the one recorded run. Inside a lane that order always holds, and
between two lanes where an arrow joins them; nothing else is forced, and the legend says so.
"""

import re
import signal
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pleasestop.trace.events import TraceEvent
from pleasestop.trace.source import Source

State = Literal["", "runs", "suspended", "blocked", "cleans"]
Mark = Literal["tick", "ask", "wake", "deliver", "raise", "returned", "cancelled", "failed"]
Kind = Literal["process", "thread", "task", "generator"]

MOST_ROWS = 48
"""Rows that a drawing on a page has at most."""

LONGEST = 400
"""Rows that a drawing of a reader's own program has at most; of more, the first and the last are kept."""

MOST_LANES = 40
"""Lanes that a drawing has at most."""

ALIKE = 3
"""Lanes that are drawn of those that did the same, where there are more lanes than that."""

SOON = 0.002
"""Seconds below which a wait that nothing interrupted is one row with its end."""

# What cancels, where it is not the program itself: by the code that called `Task.cancel`.
_CANCELLERS = {
    "Timeout._on_timeout": "the timeout",
    "TaskGroup._on_task_done": "the TaskGroup",
    "TaskGroup._abort": "the TaskGroup",
    "TaskGroup.cancel": "the TaskGroup",
    "_cancel_all_tasks": "asyncio.run",
    "Runner._on_sigint": "Ctrl-C",
    "Handle._run": "the loop",
    "_GatheringFuture.cancel": "gather",
    "wait_for": "wait_for",
    "CancelScope._deliver_cancellation": "the cancel scope",
}
_RESTORERS = {
    "Timeout.__aexit__": "the timeout",
    "TaskGroup._aexit": "the TaskGroup",
    "Runner.run": "asyncio.run",
    "CancelScope.__exit__": "the cancel scope",
}
_TARGET = "\0"  # stands for the name of the lane that is cancelled, until all names are known
_END = "program ends"
_OF_THE_LOOP = {"async_generator_athrow": "aclose() by the loop"}  # tasks that the loop makes itself
_OF_THE_RUNNER = ("shutdown_asyncgens", "shutdown_default_executor")
_REQUESTS = ("BaseProcess.", "Popen.", "Process.", "generator.", "kill", "killpg")
_ERRORS = ("Error", "Exception", "Expired", "Interrupt", "Exit", "Pool", "Empty", "Full", "ShutDown")
"""How the names of exceptions end: a wait that raised is shown by the exception."""

_RETURNS = ("StopIteration", "StopAsyncIteration")
"""How a generator or an awaited coroutine returns; after a `throw()`, its caller gets it like an error."""

_LAST_WORDS = ("Cancelled", "GeneratorExit", "KeyboardInterrupt", "SystemExit")


@dataclass(frozen=True)
class Lane:
    """A column: what it is, and its name in the program's own label."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Row:
    """One event, with a label: seconds since the first row, its lane, the lane's state from here.

    `to` is the lane that an arrow leads to.
    """

    at: float
    lane: int
    mark: Mark
    label: str
    state: State
    to: int | None = None


@dataclass(frozen=True)
class Step:
    """One stop of the replay: a lane stands on a 0-based line of what the page shows.

    `row` is the last row so far (-1 before the first), `printed` the number of lines of output
    that have been printed.
    """

    at: float
    lane: int
    line: int
    row: int
    printed: int


@dataclass(frozen=True)
class Timeline:
    """What a drawing shows of one run; `left_out` is the number of lanes for which it has no room."""

    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    steps: tuple[Step, ...]
    left_out: int = 0


@dataclass
class _Draft:
    """A lane while the timeline is built."""

    kind: Kind
    name: str
    number: int
    state: State = ""
    cancelled: bool = False
    begun: bool = False
    ended: bool = False
    pending: tuple[TraceEvent, str] | None = None
    """What it does is shown with its next row, unless others do something before."""
    blocked_on: tuple[str, int | None] | None = None
    daemon: bool = False
    own: bool = False
    """Whether the program's own text is involved; other threads and tasks are not shown."""


@dataclass
class _Builder:
    """Read events in order and write rows and steps."""

    source: Source
    lanes: dict[tuple[object, ...], _Draft] = field(default_factory=dict)
    main_threads: dict[int, int] = field(default_factory=dict)
    threads: dict[tuple[int, int], int] = field(default_factory=dict)
    starters: set[int] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    printed: int = 0

    def build(self, events: Sequence[TraceEvent]) -> None:
        for event in events:
            if event.kind in ("stdout", "stderr"):
                self.printed += event.details[0]
                if self.steps:
                    self.steps[-1] = replace(self.steps[-1], printed=self.printed)
                continue
            # A program that replaces itself by another begins once more; one that is gone has no thread.
            if event.kind in ("process.begin", "process.gone"):
                self.main_threads[event.process] = event.thread
            lane = self.lane(event)
            if event.span is not None and event.kind not in ("process.start", "task.create"):
                lane.own = True
            getattr(self, "on_" + event.kind.replace(".", "_"))(event, lane)
            if event.span is not None:
                self.steps.append(Step(event.at, lane.number, event.span[0] - 1, len(self.rows) - 1, self.printed))

    # --- lanes ---

    def draft(self, key: tuple[object, ...], kind: Kind, name: str) -> _Draft:
        if key not in self.lanes:
            self.lanes[key] = _Draft(kind, name, len(self.lanes))
        return self.lanes[key]

    def lane(self, event: TraceEvent) -> _Draft:
        process = event.process
        if event.generator:
            name = event.details[0] if event.details else "generator"
            return self.draft(("generator", process, event.generator), "generator", str(name))
        if event.task:
            return self.task(process, event.task)
        if self.main_threads.setdefault(process, event.thread) == event.thread:
            return self.process(process)
        return self.thread(event)

    def task(self, process: int, number: int) -> _Draft:
        return self.draft(("task", process, number), "task", "")

    def process(self, number: int) -> _Draft:
        return self.draft(("process", number), "process", "main program" if number == 0 else "child process")

    def thread(self, event: TraceEvent) -> _Draft:
        key = (event.process, event.thread)
        if event.kind == "thread.begin":  # a number may be used again by a later thread
            self.threads[key] = self.threads.get(key, 0) + 1
        return self.draft(("thread", *key, self.threads.get(key, 0)), "thread", "thread")

    # --- rows ---

    def row(self, event: TraceEvent, lane: _Draft, mark: Mark, label: str, to: _Draft | None = None) -> None:
        """Write a row; a pending row of the lane becomes part of it."""
        for other in self.lanes.values():
            if other.pending is not None and other is not lane and event.at - other.pending[0].at > SOON:
                self.flush(other)
        target = None if to is None else to.number
        begins = lane.pending is not None and lane.pending[1] == "starts"
        if begins and mark in ("tick", "ask", "wake"):
            label = f"starts; {label}"
        elif begins:
            self.flush(lane)
        lane.pending = None
        self.rows.append(Row(event.at, lane.number, mark, label, lane.state, target))

    def flush(self, lane: _Draft) -> None:
        """Write the pending row of a lane."""
        assert lane.pending is not None
        event, label = lane.pending
        lane.pending = None
        self.rows.append(Row(event.at, lane.number, "tick", label, "cleans" if lane.cancelled else "runs"))

    def at_last(self, lane: _Draft) -> Row | None:
        """Return the last row if it is this lane's."""
        return self.rows[-1] if self.rows and self.rows[-1].lane == lane.number else None

    def last_of(self, lane: _Draft) -> int:
        """Return the number of a lane's last row, or -1: others may have written since."""
        return max((number for number, row in enumerate(self.rows) if row.lane == lane.number), default=-1)

    def text(self, event: TraceEvent) -> str:
        return self.source.text(event.span)

    def place(self, event: TraceEvent) -> str:
        """Return the text with the block that it cleans up in, such as "finally: await close()"."""
        word = self.source.cleaning(event.span)
        return f"{word}: {self.text(event)}" if word else self.text(event)

    def where(self, event: TraceEvent, lane: _Draft) -> str:
        text = self.text(event)
        if text:
            return f"at {text}"
        return "while it waits" if lane.begun else "before its first line"

    def run(self, event: TraceEvent, lane: _Draft) -> None:
        """Note that a lane runs; one that was cancelled cleans up, as long as its lines do."""
        if lane.cancelled and not self.source.cleaning(event.span):
            lane.cancelled = False
        lane.state = "cleans" if lane.cancelled else "runs"

    # --- one method for each kind of event ---

    def on_process_begin(self, event: TraceEvent, lane: _Draft) -> None:
        if event.details:
            lane.name = str(event.details[0])
        if event.process == 0:
            lane.state = "runs"

    def on_process_end(self, event: TraceEvent, lane: _Draft) -> None:
        if event.process == 0 and not lane.ended and self.rows:
            self.end(event, lane, "returned", _END)

    def on_quiet(self, event: TraceEvent, lane: _Draft) -> None:
        lane.state = ""
        self.row(event, lane, "tick", f"{event.details[0]}() does this too often: not drawn from here")

    def on_process_start(self, event: TraceEvent, lane: _Draft) -> None:
        assert event.link is not None
        child = self.process(event.link)
        if event.span is None:
            return  # a helper of the interpreter, or a call from the library
        child.own, child.state = True, "runs"
        child.name = child.name if child.name != "child process" else _last_word(str(event.details[0]))
        last = self.last_of(lane)
        if last >= 0 and self.rows[last].label == self.place(event) and self.rows[last].to is None:
            self.rows[last] = replace(self.rows[last], mark="wake", to=child.number)
        else:
            self.run(event, lane)
            self.row(event, lane, "wake", self.place(event), child)

    def on_process_gone(self, event: TraceEvent, lane: _Draft) -> None:
        if not lane.ended:
            self.end(event, lane, "returned", "has exited before")

    def on_process_exit(self, event: TraceEvent, lane: _Draft) -> None:
        assert event.link is not None
        child = self.process(event.link)
        if child.own and not child.ended:
            code = int(event.details[0])
            label = f"ended by {signal_name(-code)}" if code < 0 else f"exit code {code}"
            self.end(event, child, "returned" if code == 0 else "failed", label)

    def on_thread_begin(self, event: TraceEvent, lane: _Draft) -> None:
        lane.name = _thread_name(str(event.details[0]))
        lane.own = event.link in self.starters
        lane.daemon = len(event.details) > 1 and bool(event.details[1])
        lane.state, lane.begun = "runs", True
        lane.pending = (event, "starts")

    def on_thread_end(self, event: TraceEvent, lane: _Draft) -> None:
        if not lane.ended:
            self.end(event, lane, "returned", "ends")

    def on_job_begin(self, event: TraceEvent, lane: _Draft) -> None:
        lane.state = "runs"

    def on_job_end(self, event: TraceEvent, lane: _Draft) -> None:
        lane.state = "blocked"

    def on_enter(self, event: TraceEvent, lane: _Draft) -> None:
        self.run(event, lane)
        if lane.pending is not None and event.at - lane.pending[0].at > SOON:
            self.flush(lane)
        begins = lane.pending is not None or not lane.begun
        lane.begun, lane.pending = True, None
        self.row(event, lane, "tick", f"{'starts:' if begins else 'runs'} {event.details[0]}()")

    def on_leave(self, event: TraceEvent, lane: _Draft) -> None:
        how, name = event.details
        if name == "<module>":
            if event.process != 0:
                return
            if how != "return":
                self.end(event, lane, "failed", f"ends: {how}")
            elif any(
                other.own and not other.ended and not other.daemon and other.kind == "thread"
                for other in self.lanes.values()
            ):
                lane.state = "blocked"
                self.row(event, lane, "tick", "last line; waits for its threads")
        elif how != "return":
            lane.state = "runs"
            if name != "<lambda>":
                self.row(event, lane, "raise", f"{name}(): {how}")

    def on_begin(self, event: TraceEvent, lane: _Draft) -> None:
        self.run(event, lane)
        if not lane.begun:
            lane.begun = True
            lane.name = lane.name or str(event.details[0])
            if event.span is None:  # a coroutine of the library, whose inside is not shown
                lane.state = "suspended"
                self.row(event, lane, "tick", f"starts: {event.details[0]}()")
            else:
                lane.pending = (event, "starts")

    def on_suspend(self, event: TraceEvent, lane: _Draft) -> None:
        self.wait(event, lane, "suspended")

    def on_yield(self, event: TraceEvent, lane: _Draft) -> None:
        self.wait(event, lane, "suspended")

    def wait(self, event: TraceEvent, lane: _Draft, state: State) -> None:
        self.run(event, lane)
        label = self.place(event)
        lane.state = lane.state if lane.cancelled else state
        self.row(event, lane, "tick", label)

    def on_resume(self, event: TraceEvent, lane: _Draft) -> None:
        self.run(event, lane)
        lane.pending = lane.pending or (event, "goes on")

    def on_block(self, event: TraceEvent, lane: _Draft) -> None:
        lane.blocked_on = str(event.details[0]), event.link
        self.wait(event, lane, "blocked")

    def on_unblock(self, event: TraceEvent, lane: _Draft) -> None:
        waited, lane.blocked_on = lane.blocked_on, None
        self.run(event, lane)
        value = str(event.details[0])
        # What a block's own exit returns is for Python, not for the program.
        shown = value in ("True", "False") or value.lstrip("-").isdigit()
        shown = shown and waited is not None and not waited[0].endswith("__exit__")
        last = self.at_last(lane)
        if last is not None and last.state == "blocked" and event.at - last.at < SOON:
            label = f"{last.label} → {value}" if shown else last.label
            self.rows[-1] = replace(last, label=label, state=lane.state)
        elif shown:
            self.row(event, lane, "tick", f"{self.text(event)} → {value}")
        elif not value.partition("(")[0].endswith(_ERRORS):
            lane.pending = (event, "goes on")

    def on_call(self, event: TraceEvent, lane: _Draft) -> None:
        name = str(event.details[0])
        self.run(event, lane)
        if name == "print":
            return
        to: _Draft | None = None
        mark: Mark = "tick"
        if name == "Thread.start" and event.link is not None:
            self.starters.add(event.link)
        elif name.startswith(_REQUESTS) and not name.endswith(".start"):
            mark, to = "ask", self.target(event, name)
        elif name in ("Future.cancel", "CancelScope.cancel"):
            mark = "ask"
        elif event.link is not None:
            to = next((other for other in self.lanes.values() if self.waits_for(other, name, event.link)), None)
            mark = "tick" if to is None else "wake"
        self.row(event, lane, mark, self.place(event), to)

    @staticmethod
    def waits_for(lane: _Draft, name: str, link: int) -> bool:
        """Whether a lane waits for the object that a call is made on, such as an event that is set."""
        if lane.blocked_on is None:
            return False
        waits, on = lane.blocked_on
        return on == link and waits.partition(".")[0] == name.partition(".")[0]

    def target(self, event: TraceEvent, name: str) -> _Draft | None:
        """Return the lane that a request to a process or a generator goes to."""
        if event.link is None:
            return None
        key = ("generator", event.process, event.link) if name.startswith("generator") else ("process", event.link)
        return self.lanes.get(key)

    def on_future_cancel(self, event: TraceEvent, lane: _Draft) -> None:
        last = self.last_of(lane)
        if last >= 0 and self.rows[last].mark == "ask" and "→" not in self.rows[last].label:
            self.rows[last] = replace(self.rows[last], label=f"{self.rows[last].label} → {event.details[0]}")

    def on_delivered(self, event: TraceEvent, lane: _Draft) -> None:
        if str(event.details[0]).startswith(_RETURNS):
            self.run(event, lane)
            return
        label = f"{_short(event.details[0])} {self.where(event, lane)}"
        lane.cancelled, lane.begun, lane.state = True, True, "cleans"
        self.row(event, lane, "deliver", label)

    def on_raised(self, event: TraceEvent, lane: _Draft) -> None:
        error = _short(event.details[0])
        if error.startswith(_RETURNS):
            return
        if error.startswith(_LAST_WORDS) and not self.text(event).startswith("raise"):
            self.on_delivered(event, lane)
            return
        self.run(event, lane)
        text = self.text(event)
        self.row(event, lane, "raise", text if text.startswith("raise ") else f"{error} from {text}")

    def on_done(self, event: TraceEvent, lane: _Draft) -> None:
        how = str(event.details[0])
        if how.startswith("Cancelled"):
            self.end(event, lane, "cancelled", "ends as cancelled")
        elif how.startswith("GeneratorExit"):
            self.end(event, lane, "cancelled", "is closed")
        elif how == "return":
            self.end(event, lane, "returned", self.text(event) if self.text(event).startswith("return") else "ends")
        else:
            self.end(event, lane, "failed", f"fails: {_short(how)}")

    def end(self, event: TraceEvent, lane: _Draft, mark: Mark, label: str) -> None:
        last = self.at_last(lane)
        if mark == "failed" and last is not None and last.mark == "raise":
            label = last.label if last.label.startswith("raise ") else label
            self.rows.pop()
        lane.state, lane.ended = "", True
        self.row(event, lane, mark, label)

    def on_signal(self, event: TraceEvent, lane: _Draft) -> None:
        self.run(event, lane)
        name, number = event.details
        handler = "its handler" if name == "<lambda>" else f"{name}()"
        self.row(event, lane, "deliver", f"{signal_name(number)}: {handler}")

    def on_task_create(self, event: TraceEvent, lane: _Draft) -> None:
        number, coroutine = event.details
        made = self.task(event.process, number)
        made.name = _OF_THE_LOOP.get(str(coroutine), str(coroutine))
        made.own = made.name not in _OF_THE_RUNNER
        label = self.text(event)
        # `asyncio.run(main())` is one call that is still going on; its task begins by itself.
        if made.own and label and not label.startswith(("asyncio.run(", "runner.run(", "trio.run(")):
            self.run(event, lane)
            self.row(event, lane, "wake", self.place(event), made)

    def on_task_name(self, event: TraceEvent, _: _Draft) -> None:
        number, name = event.details
        if not re.fullmatch(r"Task-\d+", name):
            # AnyIO names a task after its function, with the module or the functions around it.
            self.task(event.process, number).name = str(name).rpartition(".<locals>.")[2].removeprefix("__main__.")

    def on_task_cancel(self, event: TraceEvent, lane: _Draft) -> None:
        number, accepted, _, caller = event.details
        target = self.task(event.process, number)
        refused = "" if accepted else " → False: the task has ended"
        if not caller:
            self.run(event, lane)
            self.row(event, lane, "ask", self.place(event) + refused, target)
        elif caller.startswith("task "):
            parent = self.task(event.process, int(caller[5:]))
            self.row(event, parent, "ask", f"passes the cancellation on to {_TARGET}{refused}", target)
        else:
            name = _CANCELLERS.get(caller, f"{caller.rpartition('.')[2]}()")
            # The loop has no lane of its own: such a request comes from outside of the drawing.
            source = lane if lane.kind != "process" else target
            self.row(event, source, "ask", f"{name} cancels {_TARGET}{refused}", target)

    def on_task_uncancel(self, event: TraceEvent, lane: _Draft) -> None:
        _, left, caller = event.details
        self.run(event, lane)
        label = self.place(event) if not caller else f"{_RESTORERS.get(caller, caller)} calls uncancel()"
        self.row(event, lane, "tick", f"{label}: {left} cancellations left")


def _short(error: object) -> str:
    """Return the name of an exception, with its message if that is short."""
    text = str(error)
    return text if len(text) <= 32 else text.partition("(")[0]


def signal_name(number: int) -> str:
    """Return the name of a signal; a real-time signal has none, and gets its number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _thread_name(name: str) -> str:
    if match := re.fullmatch(r"Thread-\d+ \((.*)\)", name):
        return match[1]
    if match := re.fullmatch(r"(?:ThreadPoolExecutor-\d+|asyncio)_(\d+)", name):
        return f"pool thread {int(match[1]) + 1}"
    return name


def _last_word(command: str) -> str:
    """Return the name of a child from its command, without the folder: "sleep 60" for "/usr/bin/sleep 60"."""
    program, _, rest = command.partition(" ")
    return f"{program.rpartition('/')[2]} {rest}".strip()[:18]


def build_timeline(events: Sequence[TraceEvent], source: Source) -> Timeline:
    """Turn the events of one run into its lanes, rows and steps; spans count the lines of `source`."""
    builder = _Builder(source)
    builder.build(events)
    for draft in builder.lanes.values():
        if draft.pending is not None and not draft.ended:
            builder.flush(draft)
    drafts = [draft for draft in builder.lanes.values() if draft.own]
    used = {row.lane for row in builder.rows if row.label != _END} | {row.to for row in builder.rows}
    drafts = [draft for draft in drafts if draft.number in used]
    _name(drafts, builder)
    total = len(drafts)
    if total > MOST_LANES:
        drafts = _odd_ones(drafts, builder.rows)
    place = {draft.number: index for index, draft in enumerate(drafts)}
    kept = [row for row in builder.rows if row.lane in place]
    names = {draft.number: draft.name for draft in drafts}
    begin = kept[0].at if kept else 0.0
    position = {id(row): index for index, row in enumerate(kept)}
    # Where a row is not shown, the last one before it that is.
    shown, latest = [], -1
    for row in builder.rows:
        latest = position.get(id(row), latest)
        shown.append(latest)
    rows = [
        replace(
            row,
            at=max(0.0, row.at - begin),
            lane=place[row.lane],
            label=row.label.replace(_TARGET, names.get(row.to or 0, "it")),
            to=place.get(row.to) if row.to is not None else None,
        )
        for row in kept
    ]
    steps = [
        replace(
            step,
            at=max(0.0, step.at - begin),
            lane=place.get(step.lane, -1),
            row=shown[step.row] if step.row >= 0 else -1,
        )
        for step in builder.steps
    ]
    rows, steps = _shorten(rows, steps)
    lanes = tuple(Lane(draft.name, draft.kind) for draft in drafts)
    return Timeline(lanes, tuple(rows), tuple(_visible(rows, steps, builder.printed)), total - len(drafts))


def _odd_ones(drafts: Sequence[_Draft], rows: Iterable[Row]) -> list[_Draft]:
    """Return at most `MOST_LANES` lanes; of those that do the same as others, the first few."""
    story: dict[int, list[tuple[Mark, str]]] = {draft.number: [] for draft in drafts}
    for row in rows:
        if row.lane in story:
            story[row.lane].append((row.mark, row.label))
    seen: Counter[object] = Counter()
    kept = []
    for draft in drafts:
        key = (draft.kind, *story[draft.number])
        seen[key] += 1
        if seen[key] <= ALIKE:
            kept.append(draft)
    return kept[:MOST_LANES]


def _visible(rows: Sequence[Row], steps: Iterable[Step], printed: int) -> Iterator[Step]:
    """Yield the steps that change what a reader sees, and one for the rows after the last of them."""
    lines: dict[int, int] = {}
    last = Step(0.0, -1, -1, -1, 0)
    for step in steps:
        if (step.row, step.printed) != (last.row, last.printed) or lines.get(step.lane) != step.line:
            yield step
        lines[step.lane], last = step.line, step
    if last.row < len(rows) - 1:
        row = rows[-1]
        yield Step(row.at, row.lane, -1, len(rows) - 1, printed)


def ends(timeline: Timeline, half: int) -> Timeline:
    """Keep the first and the last `half` rows, and a row that says how many are left out."""
    rows = timeline.rows
    cut = len(rows) - 2 * half
    gap = replace(rows[half], mark="tick", label=f"⋮ {cut} rows left out", to=None)
    after = len(rows) - half
    kept = (*rows[:half], gap, *rows[after:])
    steps = tuple(
        replace(step, row=step.row if step.row < half else max(half, step.row - cut + 1)) for step in timeline.steps
    )
    return replace(timeline, rows=kept, steps=steps)


def at_rest(timeline: Timeline) -> Timeline:
    """Draw the lanes that run at the end as blocked: no thread of the program was running when it was stopped."""
    last = {row.lane: number for number, row in enumerate(timeline.rows)}
    rows = [
        replace(row, state="blocked") if row.state == "runs" and last[row.lane] == number else row
        for number, row in enumerate(timeline.rows)
    ]
    return replace(timeline, rows=tuple(rows))


def _name(drafts: list[_Draft], builder: _Builder) -> None:
    """Give every lane a name that no other has."""
    tasks = any(draft.kind == "task" for draft in builder.lanes.values())
    for draft in drafts:
        if draft.name == "main program" and tasks and any(other.name == "main" for other in drafts):
            draft.name = "outside the loop"
    names = [draft.name for draft in drafts]
    counts: dict[str, int] = {}
    for draft in drafts:
        if names.count(draft.name) > 1:
            counts[draft.name] = counts.get(draft.name, 0) + 1
            draft.name = f"{draft.name} {counts[draft.name]}"


def _shorten(rows: list[Row], steps: list[Step]) -> tuple[list[Row], list[Step]]:
    """Replace repeated rows by one series of them and a row that says how often it repeats."""
    kept: list[Row] = []
    moved: dict[int, int] = {}
    for first, times, length in _repeats(rows):
        for offset in range(length):
            moved[first + offset] = len(kept) + offset
        kept += rows[first : first + length]
        if times > 1:
            for again in range(1, times):
                for offset in range(length):
                    moved[first + again * length + offset] = len(kept)
            last = rows[first + times * length - 1]
            how_often = "once more" if times == 2 else f"{times - 1} times more"
            kept.append(replace(last, mark="tick", label=f"⋮ the same {how_often}", to=None))
    return kept, [replace(step, row=moved.get(step.row, step.row)) for step in steps]


def _repeats(rows: list[Row]) -> Iterator[tuple[int, int, int]]:
    """Cut rows into (start, times, length): series that come at least three times in a row, and single rows."""
    keys = [(row.lane, row.label, row.to) for row in rows]
    start = 0
    while start < len(rows):
        found = (start, 1, 1)
        for length in range(1, 7):
            times = 1
            pattern = keys[start : start + length]
            while keys[start + times * length : start + (times + 1) * length] == pattern:
                times += 1
            if times >= 3:
                found = (start, times, length)
                break
        yield found
        start += found[1] * found[2]
