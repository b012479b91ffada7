"""Read where every process, thread and task of a program stood when it was stopped."""

import ast
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from pleasestop.snippets.runner import Standing

SNAPSHOT = Path(__file__).parent / "monitor" / "pleasestop_snapshot.py"
"""The file that a watched program executes to write its snapshot."""

_STACK = re.compile(r"^(?:Current thread|Thread) (0x[0-9a-f]+)")
_LINE = re.compile(r'^  File "(?P<file>.*)", line (?P<line>\d+) in (?P<function>.*)$')


class Frame(msgspec.Struct, frozen=True):
    """A call that has not returned.

    `span` is first line, last line, first column and column after the end of what it executes;
    `library` says that the file belongs to the standard library. `detail` is what a call of
    the standard library waits for; `locks` are the addresses of locks by expression.
    """

    file: str
    line: int
    function: str
    span: tuple[int, int, int, int] = (0, 0, 0, 0)
    library: bool = False
    detail: dict[str, Any] = {}
    locks: dict[str, int] = {}

    @property
    def key(self) -> tuple[str, str]:
        """The name of the file and the function, such as ("threading.py", "Thread.join").

        asyncio and multiprocessing both have a `queues.py`; that of multiprocessing has the folder before it.
        """
        folder, _, name = self.file.rpartition("/")
        if name == "queues.py" and folder.endswith("multiprocessing"):
            name = f"multiprocessing/{name}"
        return name, self.function

    @property
    def own(self) -> bool:
        """Whether the program's own text is executed, not that of a library."""
        return not self.library and "site-packages" not in self.file and not self.file.startswith("<")


class Thread(msgspec.Struct, frozen=True):
    """A thread and its calls, the innermost first; `daemon` is None where it is not known."""

    ident: int
    name: str
    main: bool
    daemon: bool | None
    frames: tuple[Frame, ...]

    def is_in(self, file: str, function: str) -> bool:
        """Return whether the thread is in a call of a function, named as by `Frame.key`."""
        return any(frame.key == (file, function) for frame in self.frames)


class Task(msgspec.Struct, frozen=True):
    """A task of asyncio or Trio that has not ended.

    `cancelling` counts the cancellations that it was sent and did not take back; `waits` are
    the ids of what it awaits; `thread` is the thread of its loop. `frames` begin with the
    innermost coroutine.
    """

    id: int
    name: str
    coro: str
    cancelling: int
    waits: tuple[int, ...]
    frames: tuple[Frame, ...]
    thread: int = 0


class _Snapshot(msgspec.Struct, frozen=True):
    pid: int
    threads: tuple[Thread, ...]
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Process:
    """A process of the program when it was stopped.

    `number` counts the processes of a program from 1. `answered` says whether the process
    wrote its snapshot; one that did not has the stacks that `faulthandler` wrote, or nothing.
    """

    number: int
    pid: int
    parent: int
    command: str
    busy: float
    answered: bool
    threads: tuple[Thread, ...]
    tasks: tuple[Task, ...]

    @property
    def main(self) -> Thread | None:
        """The main thread, if it is known."""
        return next((thread for thread in self.threads if thread.main), None)


def read_processes(standing: Sequence[Standing]) -> tuple[Process, ...]:
    """Return the processes of a program, the first one first."""
    found = []
    pids = {one.pid for one in standing}
    # The first has its parent outside; a child follows its parent.
    for number, one in enumerate(sorted(standing, key=lambda one: (one.parent in pids, one.pid)), 1):
        snapshot = msgspec.json.decode(one.snapshot, type=_Snapshot) if one.snapshot else None
        threads = snapshot.threads if snapshot else tuple(_threads(one.stacks))
        found.append(
            Process(
                number,
                one.pid,
                one.parent,
                one.command,
                one.busy,
                snapshot is not None,
                tuple(map(_since_fork, threads)),
                snapshot.tasks if snapshot else (),
            )
        )
    return tuple(found)


def _since_fork(thread: Thread) -> Thread:
    """Leave out of a forked worker what its parent did before: those calls never return in it."""
    begin = [place for place, frame in enumerate(thread.frames) if frame.key == ("popen_fork.py", "Popen._launch")]
    return msgspec.structs.replace(thread, frames=thread.frames[: begin[0] + 1]) if begin else thread


def _threads(stacks: str) -> Iterator[Thread]:
    """Read what `faulthandler` wrote; the main thread comes last."""
    blocks = re.split(r"\n(?=(?:Current thread|Thread) 0x)", stacks.strip())
    for number, block in enumerate(blocks, 1):
        head, *rows = block.split("\n")
        match = _STACK.match(head)
        if match is None:
            continue
        lines = [line for line in map(_LINE.match, rows) if line is not None]
        frames = tuple(
            Frame(line["file"], int(line["line"]), line["function"], library="/lib/python3" in line["file"])
            for line in lines
        )
        yield Thread(int(match[1], 16), "", number == len(blocks), False, frames)


@cache
def source(file: str) -> str | None:
    """Return the text of a Python file, whatever its encoding; None if it cannot be read."""
    try:
        with tokenize.open(file) as opened:
            return opened.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None


@cache
def tree(file: str) -> ast.Module | None:
    """Return the parsed text of a Python file; None if this Python cannot parse it."""
    text = source(file)
    try:
        return None if text is None else ast.parse(text)
    except SyntaxError:
        return None


def executed(frame: Frame) -> str:
    """Return the text that a frame executes, in one line; "" if it is not known."""
    text = source(frame.file)
    if text is None or frame.line < 1:
        return ""
    lines = text.split("\n")
    first, last, start, end = frame.span
    if 0 < first <= last <= len(lines) and (first, start) < (last, end):
        # Columns are counted in bytes.
        rows = [row.encode() for row in lines[first - 1 : last]]
        rows[-1] = rows[-1][:end]
        rows[0] = rows[0][start:]
        found = " ".join(row.decode(errors="replace").strip() for row in rows)
    elif frame.line <= len(lines):
        found = lines[frame.line - 1].strip()
    else:
        return ""
    return found if len(found) <= 80 else f"{found[:79]}…"


def _executes(frame: Frame, node: ast.expr | ast.stmt) -> bool:
    """Return whether a frame executes just this expression or statement."""
    place = (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset)
    return frame.span == place if any(frame.span) else node.lineno <= frame.line <= (node.end_lineno or 0)


def wanted_lock(frame: Frame) -> tuple[str, int] | None:
    """Return expression and address of the lock that a frame waits for, if it executes a `with` or an `acquire()`.

    An `acquire` with arguments can give up, so it is not of interest here.
    """
    module = tree(frame.file)
    if module is None:
        return None
    for node in ast.walk(module):
        wanted: ast.expr | None = None
        if isinstance(node, ast.With | ast.AsyncWith):
            heads = [item.context_expr for item in node.items]
            wanted = next((head for head in heads if _executes(frame, head)), None)
            if wanted is None and len(heads) == 1 and _executes(frame, node):  # as 3.12 says it
                (wanted,) = heads
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "acquire":
            wanted = node.func.value if _executes(frame, node) and not (node.args or node.keywords) else None
        if wanted is not None and (name := ast.unparse(wanted)) in frame.locks:
            return name, frame.locks[name]
    return None


def held_locks(frame: Frame) -> dict[int, tuple[str, int]]:
    """Return the locks of the `with` blocks that a frame is in: by address, the expression and its line."""
    module = tree(frame.file)
    found = {}
    for node in ast.walk(module) if module is not None else ():
        if isinstance(node, ast.With | ast.AsyncWith) and node.body[0].lineno <= frame.line <= (node.end_lineno or 0):
            if any(_executes(frame, part) for part in (node, *(item.context_expr for item in node.items))):
                continue  # it is being entered or left
            for item in node.items:
                name = ast.unparse(item.context_expr)
                if name in frame.locks:
                    found[frame.locks[name]] = (name, item.context_expr.lineno)
    return found


def catching(file: str, line: int) -> tuple[int, str] | None:
    """Return line and text of the `except` that catches a CancelledError raised at a line of a file, and keeps it."""
    module = tree(file)
    best: tuple[int, int, str] | None = None
    for node in ast.walk(module) if module is not None else ():
        if not isinstance(node, ast.Try) or not node.body[0].lineno <= line <= (node.body[-1].end_lineno or 0):
            continue
        for handler in node.handlers:
            last = handler.body[-1]
            if isinstance(last, ast.Raise) and last.exc is None:
                continue  # it passes the cancellation on
            names = "BaseException" if handler.type is None else ast.unparse(handler.type)
            if re.search(r"\b(CancelledError|BaseException)\b", names) and (best is None or node.lineno > best[0]):
                text = "except:" if handler.type is None else f"except {names}"
                best = (node.lineno, handler.lineno, text)
    return None if best is None else best[1:]
