"""Turn the moments of a watched run into a story: lanes, rows in words, steps.

Rows are in the order of the one recorded run. Inside a lane that order always holds, and
between two lanes where an arrow joins them; nothing else is forced, and the legend says so.
"""

import ast
import re
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pleasestop.watching import Moment

State = Literal["", "runs", "suspended", "blocked", "cleans"]
Mark = Literal["tick", "ask", "wake", "deliver", "raise", "returned", "cancelled", "failed"]
Kind = Literal["process", "thread", "task", "generator"]

MOST_ROWS = 48
"""Rows that a picture has at most."""

LONGEST = 400
"""Rows that a picture for one's own program has at most; of more, the ends are kept."""

SOON = 0.002
"""Seconds below which a wait that nobody interrupted is told in one row with its end."""

# Who asks, where it is not the program itself: by the code that called `Task.cancel`.
_ASKERS = {
    "Timeout._on_timeout": "the timeout",
    "TaskGroup._on_task_done": "the TaskGroup",
    "TaskGroup._abort": "the TaskGroup",
    "TaskGroup.cancel": "the TaskGroup",
    "_cancel_all_tasks": "asyncio.run",
    "Runner._on_sigint": "Ctrl-C",
    "Handle._run": "the loop",
    "_GatheringFuture.cancel": "gather",
    "wait_for": "wait_for",
}
_RESTORERS = {"Timeout.__aexit__": "the timeout", "TaskGroup._aexit": "the TaskGroup", "Runner.run": "asyncio.run"}
_THE_ASKED = "\0"  # stands for the name of the lane that is asked, until all names are known
_END = "program ends"
_OF_THE_RUNNER = ("shutdown_asyncgens", "shutdown_default_executor")
_REQUESTS = ("BaseProcess.", "Popen.", "Process.", "generator.", "kill", "killpg")
_ERRORS = ("Error", "Exception", "Expired", "Interrupt", "Exit", "Pool", "Empty", "Full", "ShutDown")
"""How the names of exceptions end: a wait that raised is told by the exception."""

_LAST_WORDS = ("CancelledError", "GeneratorExit", "KeyboardInterrupt", "SystemExit")


@dataclass(frozen=True)
class Lane:
    """A column: what it is, and its name in the program's own words."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Row:
    """One event in words: seconds since the first row, its lane, where an arrow goes, the lane's state from here."""

    at: float
    lane: int
    mark: Mark
    words: str
    state: State
    to: int | None = None


@dataclass(frozen=True)
class Step:
    """One halt of the replay: a lane stands on a 0-based line of what the page shows.

    `row` is the row that was told last (-1 before the first), `printed` how many
    lines of the output have come out.
    """

    at: float
    lane: int
    line: int | None
    row: int
    printed: int


@dataclass(frozen=True)
class Timeline:
    """What a picture shows of one run."""

    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...]
    steps: tuple[Step, ...]


class Source:
    """The text of a program, and which of its lines clean up."""

    def __init__(self, text: str, shown: Mapping[int, int] | None = None) -> None:
        """Take the file's text, and for its 1-based lines the 0-based ones that the page shows (all, if None)."""
        self._lines = [line.encode() for line in text.splitlines()]
        self._shown = shown
        self._cleaning: dict[int, str] = {}
        self._openers: dict[tuple[int, int], str] = {}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.AsyncWith | ast.With):
                word = "async with" if isinstance(node, ast.AsyncWith) else "with"
                for item in node.items:
                    self._open(item.context_expr, word)
            elif isinstance(node, ast.AsyncFor):
                self._open(node.iter, "async for … in")
            if isinstance(node, ast.Try | ast.TryStar):
                for handler in node.handlers:
                    self._cover(handler.body, "except")
                self._cover(node.finalbody, "finally")

    def _cover(self, body: Sequence[ast.stmt], word: str) -> None:
        for statement in body:
            for line in range(statement.lineno, (statement.end_lineno or statement.lineno) + 1):
                self._cleaning[line] = word

    def _open(self, expression: ast.expr, word: str) -> None:
        self._openers[expression.lineno, expression.col_offset] = word

    def words(self, span: tuple[int, int, int, int] | None) -> str:
        """Return the program's own text at a span, in one line; "" where there is none."""
        if span is None or span[2:] == (0, 0):
            return ""
        first, last, start, end = span
        if first == last:
            text = self._lines[first - 1][start:end].decode(errors="replace")
        else:
            parts = [self._lines[first - 1][start:], *self._lines[first : last - 1], self._lines[last - 1][:end]]
            text = " ".join(part.decode(errors="replace").strip() for part in parts)
            text = re.sub(r"([(\[{]) | (?=[)\]}])", r"\1", text).replace(",)", ")")
        # A block is entered and left at the expression after its keyword.
        opener = self._openers.get((first, start))
        return f"{opener} {text}" if opener else text

    def cleaning(self, span: tuple[int, int, int, int] | None) -> str:
        """Return "finally" or "except" where the span is part of such a block, else ""."""
        return "" if span is None else self._cleaning.get(span[0], "")

    def line(self, span: tuple[int, int, int, int] | None) -> int | None:
        """Return the 0-based line that the page shows for a span."""
        if span is None:
            return None
        return span[0] - 1 if self._shown is None else self._shown.get(span[0])


@dataclass
class _Draft:
    """A lane while the story is told."""

    kind: Kind
    name: str
    number: int
    state: State = ""
    asked: bool = False
    begun: bool = False
    ended: bool = False
    pending: tuple[Moment, str] | None = None
    """What it does is told with its next row, unless others do something before."""
    blocked_on: tuple[str, int | None] | None = None
    own: bool = False
    """Whether the program's own text has to do with it; other threads and tasks are not shown."""


@dataclass
class _Teller:
    """Reads moments in order and writes rows and steps."""

    source: Source
    lanes: dict[tuple[object, ...], _Draft] = field(default_factory=dict)
    main_threads: dict[int, int] = field(default_factory=dict)
    threads: dict[tuple[int, int], int] = field(default_factory=dict)
    starters: set[int] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    printed: int = 0

    def tell(self, moments: Sequence[Moment]) -> None:
        for moment in moments:
            if moment.kind in ("stdout", "stderr"):
                self.printed += moment.details[0]
                if self.steps:
                    self.steps[-1] = replace(self.steps[-1], printed=self.printed)
                continue
            lane = self.lane(moment)
            if moment.span is not None and moment.kind not in ("process.start", "task.create"):
                lane.own = True
            getattr(self, "on_" + moment.kind.replace(".", "_"))(moment, lane)
            if moment.span is not None:
                line = self.source.line(moment.span)
                self.steps.append(Step(moment.at, lane.number, line, len(self.rows) - 1, self.printed))

    # --- lanes ---

    def draft(self, key: tuple[object, ...], kind: Kind, name: str) -> _Draft:
        if key not in self.lanes:
            self.lanes[key] = _Draft(kind, name, len(self.lanes))
        return self.lanes[key]

    def lane(self, moment: Moment) -> _Draft:
        process = moment.process
        if moment.generator:
            name = moment.details[0] if moment.details else "generator"
            return self.draft(("generator", process, moment.generator), "generator", str(name))
        if moment.task:
            return self.task(process, moment.task)
        if self.main_threads.setdefault(process, moment.thread) == moment.thread:
            return self.process(process)
        return self.thread(moment)

    def task(self, process: int, number: int) -> _Draft:
        return self.draft(("task", process, number), "task", "")

    def process(self, number: int) -> _Draft:
        return self.draft(("process", number), "process", "main program" if number == 0 else "child process")

    def thread(self, moment: Moment) -> _Draft:
        key = (moment.process, moment.thread)
        if moment.kind == "thread.begin":  # a number may be used again by a later thread
            self.threads[key] = self.threads.get(key, 0) + 1
        return self.draft(("thread", *key, self.threads.get(key, 0)), "thread", "thread")

    # --- rows ---

    def row(self, moment: Moment, lane: _Draft, mark: Mark, words: str, to: _Draft | None = None) -> None:
        """Write a row; what the lane still owes is told with it."""
        for other in self.lanes.values():
            if other.pending is not None and other is not lane and moment.at - other.pending[0].at > SOON:
                self.told(other)
        target = None if to is None else to.number
        begins = lane.pending is not None and lane.pending[1] == "starts"
        if begins and mark in ("tick", "ask", "wake"):
            words = f"starts; {words}"
        elif begins:
            self.told(lane)
        lane.pending = None
        self.rows.append(Row(moment.at, lane.number, mark, words, lane.state, target))

    def told(self, lane: _Draft) -> None:
        """Write the row that a lane still owes."""
        assert lane.pending is not None
        moment, words = lane.pending
        lane.pending = None
        self.rows.append(Row(moment.at, lane.number, "tick", words, "cleans" if lane.asked else "runs"))

    def at_last(self, lane: _Draft) -> Row | None:
        """Return the last row if it is this lane's."""
        return self.rows[-1] if self.rows and self.rows[-1].lane == lane.number else None

    def last_of(self, lane: _Draft) -> int:
        """Return the number of a lane's last row, or -1: others may have written since."""
        return max((number for number, row in enumerate(self.rows) if row.lane == lane.number), default=-1)

    def text(self, moment: Moment) -> str:
        return self.source.words(moment.span)

    def place(self, moment: Moment) -> str:
        """Return the text with the block that it cleans up in, such as "finally: await close()"."""
        word = self.source.cleaning(moment.span)
        return f"{word}: {self.text(moment)}" if word else self.text(moment)

    def where(self, moment: Moment, lane: _Draft) -> str:
        text = self.text(moment)
        if text:
            return f"at {text}"
        return "while it waits" if lane.begun else "before its first line"

    def live(self, moment: Moment, lane: _Draft) -> None:
        """Say that a lane runs; one that was asked to stop cleans up, as long as its lines do."""
        if lane.asked and not self.source.cleaning(moment.span):
            lane.asked = False
        lane.state = "cleans" if lane.asked else "runs"

    # --- one method for each kind of moment ---

    def on_process_begin(self, moment: Moment, lane: _Draft) -> None:
        if moment.details:
            lane.name = str(moment.details[0])
        if moment.process == 0:
            lane.state = "runs"

    def on_process_end(self, moment: Moment, lane: _Draft) -> None:
        if moment.process == 0 and not lane.ended and self.rows:
            self.end(moment, lane, "returned", _END)

    def on_process_start(self, moment: Moment, lane: _Draft) -> None:
        assert moment.link is not None
        child = self.process(moment.link)
        if moment.span is None:
            return  # a helper of the interpreter, or a call from the library
        child.own, child.state = True, "runs"
        child.name = child.name if child.name != "child process" else _last_word(str(moment.details[0]))
        last = self.last_of(lane)
        if last >= 0 and self.rows[last].words == self.place(moment):
            self.rows[last] = replace(self.rows[last], mark="wake", to=child.number)
        else:
            self.live(moment, lane)
            self.row(moment, lane, "wake", self.place(moment), child)

    def on_process_exit(self, moment: Moment, lane: _Draft) -> None:
        assert moment.link is not None
        child = self.process(moment.link)
        if child.own and not child.ended:
            code = int(moment.details[0])
            told = f"ended by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
            self.end(moment, child, "returned" if code == 0 else "failed", told)

    def on_thread_begin(self, moment: Moment, lane: _Draft) -> None:
        lane.name = _thread_name(str(moment.details[0]))
        lane.own = moment.link in self.starters
        lane.state, lane.begun = "runs", True
        lane.pending = (moment, "starts")

    def on_thread_end(self, moment: Moment, lane: _Draft) -> None:
        if not lane.ended:
            self.end(moment, lane, "returned", "ends")

    def on_job_begin(self, moment: Moment, lane: _Draft) -> None:
        lane.state = "runs"

    def on_job_end(self, moment: Moment, lane: _Draft) -> None:
        lane.state = "blocked"

    def on_enter(self, moment: Moment, lane: _Draft) -> None:
        self.live(moment, lane)
        begins = lane.pending is not None or not lane.begun
        lane.begun, lane.pending = True, None
        self.row(moment, lane, "tick", f"{'starts:' if begins else 'runs'} {moment.details[0]}()")

    def on_leave(self, moment: Moment, lane: _Draft) -> None:
        how, name = moment.details
        if name == "<module>":
            if moment.process != 0:
                return
            if how != "return":
                self.end(moment, lane, "failed", f"ends: {how}")
            elif any(other.own and not other.ended and other.kind == "thread" for other in self.lanes.values()):
                lane.state = "blocked"
                self.row(moment, lane, "tick", "last line; waits for its threads")
        elif how != "return":
            lane.state = "runs"
            if name != "<lambda>":
                self.row(moment, lane, "raise", f"{name}(): {how}")

    def on_begin(self, moment: Moment, lane: _Draft) -> None:
        self.live(moment, lane)
        if not lane.begun:
            lane.begun = True
            lane.name = lane.name or str(moment.details[0])
            if moment.span is None:  # a coroutine of the library, of whose inside nothing is told
                lane.state = "suspended"
                self.row(moment, lane, "tick", f"starts: {moment.details[0]}()")
            else:
                lane.pending = (moment, "starts")

    def on_suspend(self, moment: Moment, lane: _Draft) -> None:
        self.wait(moment, lane, "suspended")

    def on_yield(self, moment: Moment, lane: _Draft) -> None:
        self.wait(moment, lane, "suspended")

    def wait(self, moment: Moment, lane: _Draft, state: State) -> None:
        self.live(moment, lane)
        words = self.place(moment)
        lane.state = lane.state if lane.asked else state
        self.row(moment, lane, "tick", words)

    def on_resume(self, moment: Moment, lane: _Draft) -> None:
        self.live(moment, lane)
        lane.pending = lane.pending or (moment, "goes on")

    def on_block(self, moment: Moment, lane: _Draft) -> None:
        lane.blocked_on = str(moment.details[0]), moment.link
        self.wait(moment, lane, "blocked")

    def on_unblock(self, moment: Moment, lane: _Draft) -> None:
        waited, lane.blocked_on = lane.blocked_on, None
        self.live(moment, lane)
        value = str(moment.details[0])
        # What a block's own exit returns is for Python, not for the program.
        said = value in ("True", "False") or value.lstrip("-").isdigit()
        said = said and waited is not None and not waited[0].endswith("__exit__")
        last = self.at_last(lane)
        if last is not None and last.state == "blocked" and moment.at - last.at < SOON:
            told = f"{last.words} → {value}" if said else last.words
            self.rows[-1] = replace(last, words=told, state=lane.state)
        elif said:
            self.row(moment, lane, "tick", f"{self.text(moment)} → {value}")
        elif not value.partition("(")[0].endswith(_ERRORS):
            lane.pending = (moment, "goes on")

    def on_call(self, moment: Moment, lane: _Draft) -> None:
        name = str(moment.details[0])
        self.live(moment, lane)
        if name == "print":
            return
        to: _Draft | None = None
        mark: Mark = "tick"
        if name == "Thread.start" and moment.link is not None:
            self.starters.add(moment.link)
        elif name.startswith(_REQUESTS) and not name.endswith(".start"):
            mark, to = "ask", self.asked(moment, name)
        elif name == "Future.cancel":
            mark = "ask"
        elif moment.link is not None:
            to = next((other for other in self.lanes.values() if self.waits_for(other, name, moment.link)), None)
            mark = "tick" if to is None else "wake"
        self.row(moment, lane, mark, self.place(moment), to)

    @staticmethod
    def waits_for(lane: _Draft, name: str, link: int) -> bool:
        """Whether a lane waits for the object that a call is made on, such as an event that is set."""
        if lane.blocked_on is None:
            return False
        waits, on = lane.blocked_on
        return on == link and waits.partition(".")[0] == name.partition(".")[0]

    def asked(self, moment: Moment, name: str) -> _Draft | None:
        """Return the lane that a request to a process or a generator goes to."""
        if moment.link is None:
            return None
        key = ("generator", moment.process, moment.link) if name.startswith("generator") else ("process", moment.link)
        return self.lanes.get(key)

    def on_future_cancel(self, moment: Moment, lane: _Draft) -> None:
        last = self.last_of(lane)
        if last >= 0 and self.rows[last].mark == "ask" and "→" not in self.rows[last].words:
            self.rows[last] = replace(self.rows[last], words=f"{self.rows[last].words} → {moment.details[0]}")

    def on_delivered(self, moment: Moment, lane: _Draft) -> None:
        words = f"{_short(moment.details[0])} {self.where(moment, lane)}"
        lane.asked, lane.begun, lane.state = True, True, "cleans"
        self.row(moment, lane, "deliver", words)

    def on_raised(self, moment: Moment, lane: _Draft) -> None:
        error = _short(moment.details[0])
        if error.startswith(("StopIteration", "StopAsyncIteration")):
            return
        if error.startswith(_LAST_WORDS) and not self.text(moment).startswith("raise"):
            self.on_delivered(moment, lane)
            return
        self.live(moment, lane)
        text = self.text(moment)
        self.row(moment, lane, "raise", text if text.startswith("raise ") else f"{error} from {text}")

    def on_done(self, moment: Moment, lane: _Draft) -> None:
        how = str(moment.details[0])
        if how.startswith("CancelledError"):
            self.end(moment, lane, "cancelled", "ends as cancelled")
        elif how.startswith("GeneratorExit"):
            self.end(moment, lane, "cancelled", "is closed")
        elif how == "return":
            self.end(moment, lane, "returned", self.text(moment) if self.text(moment).startswith("return") else "ends")
        else:
            self.end(moment, lane, "failed", f"fails: {_short(how)}")

    def end(self, moment: Moment, lane: _Draft, mark: Mark, words: str) -> None:
        last = self.at_last(lane)
        if mark == "failed" and last is not None and last.mark == "raise":
            words = last.words if last.words.startswith("raise ") else words
            self.rows.pop()
        lane.state, lane.ended = "", True
        self.row(moment, lane, mark, words)

    def on_signal(self, moment: Moment, lane: _Draft) -> None:
        self.live(moment, lane)
        name, number = moment.details
        handler = "its handler" if name == "<lambda>" else f"{name}()"
        self.row(moment, lane, "deliver", f"{signal.Signals(number).name}: {handler}")

    def on_task_create(self, moment: Moment, lane: _Draft) -> None:
        number, coroutine = moment.details
        made = self.task(moment.process, number)
        made.name = str(coroutine)
        made.own = made.name not in _OF_THE_RUNNER
        words = self.text(moment)
        # `asyncio.run(main())` is one call that is still going on; its task begins by itself.
        if made.own and words and not words.startswith(("asyncio.run(", "runner.run(")):
            self.live(moment, lane)
            self.row(moment, lane, "wake", self.place(moment), made)

    def on_task_name(self, moment: Moment, _: _Draft) -> None:
        number, name = moment.details
        if not re.fullmatch(r"Task-\d+", name):
            self.task(moment.process, number).name = str(name)

    def on_task_cancel(self, moment: Moment, lane: _Draft) -> None:
        number, heard, _, who = moment.details
        asked = self.task(moment.process, number)
        refused = "" if heard else " → False: it has ended"
        if not who:
            self.live(moment, lane)
            self.row(moment, lane, "ask", self.place(moment) + refused, asked)
        elif who.startswith("task "):
            parent = self.task(moment.process, int(who[5:]))
            self.row(moment, parent, "ask", f"hands it on to {_THE_ASKED}{refused}", asked)
        else:
            teller = _ASKERS.get(who, f"{who.rpartition('.')[2]}()")
            # The loop has no lane of its own: such a request comes from outside the picture.
            asker = lane if lane.kind != "process" else asked
            self.row(moment, asker, "ask", f"{teller} cancels {_THE_ASKED}{refused}", asked)

    def on_task_uncancel(self, moment: Moment, lane: _Draft) -> None:
        _, left, who = moment.details
        self.live(moment, lane)
        told = self.place(moment) if not who else f"{_RESTORERS.get(who, who)} takes its request back"
        self.row(moment, lane, "tick", f"{told} → {left}")


def _short(error: object) -> str:
    """Name an exception, with its message if that is short."""
    text = str(error)
    return text if len(text) <= 32 else text.partition("(")[0]


def _thread_name(name: str) -> str:
    if match := re.fullmatch(r"Thread-\d+ \((.*)\)", name):
        return match[1]
    if match := re.fullmatch(r"(?:ThreadPoolExecutor-\d+|asyncio)_(\d+)", name):
        return f"pool thread {int(match[1]) + 1}"
    return name


def _last_word(command: str) -> str:
    """Name a child by its command, without the folder: "/usr/bin/sleep 60" is "sleep 60"."""
    program, _, rest = command.partition(" ")
    return f"{program.rpartition('/')[2]} {rest}".strip()[:18]


def tell(moments: Sequence[Moment], source: Source) -> Timeline:
    """Turn the moments of one run into its lanes, rows and steps."""
    teller = _Teller(source)
    teller.tell(moments)
    drafts = [draft for draft in teller.lanes.values() if draft.own]
    told = {row.lane for row in teller.rows if row.words != _END} | {row.to for row in teller.rows}
    drafts = [draft for draft in drafts if draft.number in told]
    _name(drafts, teller)
    place = {draft.number: index for index, draft in enumerate(drafts)}
    kept = [row for row in teller.rows if row.lane in place]
    names = {draft.number: draft.name for draft in drafts}
    begin = kept[0].at if kept else 0.0
    position = {id(row): index for index, row in enumerate(kept)}
    # Where a row is not shown, the last one before it that is.
    shown, latest = [], -1
    for row in teller.rows:
        latest = position.get(id(row), latest)
        shown.append(latest)
    rows = [
        replace(
            row,
            at=max(0.0, row.at - begin),
            lane=place[row.lane],
            words=row.words.replace(_THE_ASKED, names.get(row.to or 0, "it")),
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
        for step in teller.steps
    ]
    rows, steps = _shorten(rows, steps)
    return Timeline(tuple(Lane(draft.name, draft.kind) for draft in drafts), tuple(rows), tuple(steps))


def ends(timeline: Timeline, half: int) -> Timeline:
    """Keep the first and the last `half` rows, and tell how many are between them."""
    rows = timeline.rows
    cut = len(rows) - 2 * half
    gap = replace(rows[half], mark="tick", words=f"⋮ {cut} rows left out", to=None)
    after = len(rows) - half
    kept = (*rows[:half], gap, *rows[after:])
    steps = tuple(
        replace(step, row=step.row if step.row < half else max(half, step.row - cut + 1)) for step in timeline.steps
    )
    return Timeline(timeline.lanes, kept, steps)


def _name(drafts: list[_Draft], teller: _Teller) -> None:
    """Give every lane a name that no other has."""
    tasks = any(draft.kind == "task" for draft in teller.lanes.values())
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
    """Tell what is done again and again once, and how often."""
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
            so_often = "once more" if times == 2 else f"{times - 1} times more"
            kept.append(replace(last, mark="tick", words=f"⋮ the same {so_often}", to=None))
    return kept, [replace(step, row=moved.get(step.row, step.row)) for step in steps]


def _repeats(rows: list[Row]) -> Iterator[tuple[int, int, int]]:
    """Cut rows into (start, times, length): what comes at least three times in a row, and single rows."""
    keys = [(row.lane, row.words, row.to) for row in rows]
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
