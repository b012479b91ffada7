"""Run a program in a fresh interpreter, watch it from outside, leave nothing behind.

Both streams of a run are datagram sockets that send to one receiver. So one queue in the
kernel keeps the order in which lines were written, whoever wrote them, each line says which
stream it came from, and a line that one process writes at once arrives whole. (With two pipes
the order between the streams is a guess; with one pipe the streams cannot be told apart.)
"""

import asyncio
import codecs
import contextlib
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import time
import uuid
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from pleasestop.pythons import Python

Stream = Literal["stdout", "stderr", "watch"]

MAX_OUTPUT = 64 * 1024
"""Bytes of output after which a run is a flood and is stopped."""

MAX_MOMENTS = 4000
"""Moments of a watched run that are kept: of more, the first half and the last."""

PATIENCE = 0.3
"""Seconds that a program has to follow a request before it gets a stronger one."""

SETTLE = 1.0
"""Seconds that helpers of the interpreter have to end after it (the resource tracker of
multiprocessing, a fork server); whatever lives longer was left behind."""

SHIM = Path(__file__).parent / "shim"

_CHILD_WATCHER = re.compile(r"(asyncio-)?waitpid-\d+")


@dataclass(frozen=True)
class Event:
    """A piece of output: seconds since the start, stream, text.

    In a watched run also what the program did: `stream` is then "watch" and `text` a moment
    as the shim tells it.
    """

    at: float
    stream: Stream
    text: str


@dataclass(frozen=True)
class Run:
    """What was seen of one run.

    `exit` is as in `subprocess` (negative for a signal), None where the run had to be
    stopped. `events` are those before a stop. `leaks` names processes and daemon threads
    that outlived the program; `stacks` tells where its threads stood when it was stopped.
    `fault` is a sentence on output that cannot be shown (a flood, bytes that are no UTF-8).
    `lost` counts the moments in the middle of a watched run that were too many to keep.
    """

    python: Python
    events: tuple[Event, ...]
    exit: int | None
    seconds: float
    leaks: tuple[str, ...] = ()
    stacks: str = ""
    fault: str | None = None
    lost: int = 0

    @property
    def printed(self) -> tuple[Event, ...]:
        """The pieces of output alone."""
        return tuple(event for event in self.events if event.stream != "watch")


def can_run_here() -> bool:
    """Whether this platform has what a run needs (Unix datagram sockets, sessions)."""
    return hasattr(socket, "AF_UNIX") and hasattr(os, "killpg")


class _Output:
    """The two streams of one run, in the order in which they were written.

    What a watched program does comes the same way, from sockets without an address.
    """

    def __init__(self, folder: Path, started: float) -> None:
        self._events: list[Event] = []
        self._late: deque[Event] = deque(maxlen=MAX_MOMENTS // 2)
        self._moments = 0
        self.fault: str | None = None
        self.overflow = asyncio.Event()
        self._started = started
        self._size = 0
        self.last: float | None = None  # when it last printed something
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")() for name in ("stdout", "stderr")}
        self._receiver = self._socket(folder / "all")
        self._senders = [self._socket(folder / name) for name in ("stdout", "stderr")]
        for sender in self._senders:
            sender.connect(self._receiver.getsockname())
        self._receiver.setblocking(False)
        asyncio.get_running_loop().add_reader(self._receiver, self.drain)

    @staticmethod
    def _socket(path: Path) -> socket.socket:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        made.bind(str(path))
        return made

    @property
    def files(self) -> tuple[int, int]:
        """Descriptors for the program's stdout and stderr."""
        return self._senders[0].fileno(), self._senders[1].fileno()

    def drain(self) -> None:
        """Take in all that has been written so far."""
        while True:
            try:
                data, sender = self._receiver.recvfrom(1 << 20)
            except BlockingIOError:
                return
            if sender is None:
                self._watched(data)
                continue
            self._size += len(data)
            if self._size > MAX_OUTPUT:
                self.fault = f"printed more than {MAX_OUTPUT // 1024} KiB; the rest was thrown away"
                self.overflow.set()
                continue
            stream: Stream = "stderr" if Path(sender).name == "stderr" else "stdout"
            try:
                text = self._decoders[stream].decode(data)
            except UnicodeDecodeError:
                self.fault = f"printed bytes to {stream} that are not UTF-8"
                text = data.decode("utf-8", "backslashreplace")
                self._decoders[stream].reset()
            self.last = time.monotonic() - self._started
            self._events.append(Event(self.last, stream, text))

    def _watched(self, data: bytes) -> None:
        """Take in a moment of a watched run; of too many, the first and the last are kept."""
        event = Event(time.monotonic() - self._started, "watch", data.decode("utf-8", "replace"))
        self._moments += 1
        if self._moments <= MAX_MOMENTS // 2:
            self._events.append(event)
        else:
            self._late.append(event)

    @property
    def events(self) -> tuple[Event, ...]:
        """All that was kept, in the order in which it came."""
        return tuple(sorted([*self._events, *self._late], key=lambda event: event.at))

    @property
    def lost(self) -> int:
        """How many moments were thrown away."""
        return max(0, self._moments - MAX_MOMENTS)

    def close(self) -> None:
        """Give up the descriptors; a program that still writes gets an error."""
        asyncio.get_running_loop().remove_reader(self._receiver)
        for made in (self._receiver, *self._senders):
            made.close()


def _environment(mark: str, folder: Path, job: "Job") -> dict[str, str]:
    """Build what a program sees of the outside: a snippet nothing of the builder's own settings."""
    seen = dict(os.environ) if job.here else _PLAIN | {"HOME": str(folder), "TMPDIR": str(folder)}
    before = [seen["PYTHONPATH"]] if "PYTHONPATH" in seen else []
    seen |= {
        "PYTHONPATH": os.pathsep.join([str(SHIM), *before]),
        "PLEASESTOP_RUN": mark,
        "PLEASESTOP_REPORTS": str(folder / "reports"),
    }
    if job.watch:
        seen |= {"PLEASESTOP_WATCHED": str(job.program), "PLEASESTOP_EVENTS": str(folder / "sockets/all")}
    return seen


_PLAIN = {
    "PATH": os.environ.get("PATH", os.defpath),
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "dumb",
    "NO_COLOR": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class _Family:
    """The processes of one run: in its session, or carrying its mark in their environment.

    The mark finds those that left the session; processes older than the run are not asked.
    """

    def __init__(self) -> None:
        self.mark = uuid.uuid4().hex
        self.session = 0
        self._older = frozenset(psutil.pids())

    def alive(self) -> list[psutil.Process]:
        """Return those that live now."""
        found = []
        for pid in psutil.pids():
            if pid in self._older:
                continue
            with contextlib.suppress(psutil.Error, OSError):
                process = psutil.Process(pid)
                if process.status() != psutil.STATUS_ZOMBIE and (
                    os.getsid(pid) == self.session or process.environ().get("PLEASESTOP_RUN") == self.mark
                ):
                    found.append(process)
        return found

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to all that are in the session's first process group.

        Interrupted before its process began, a run has no session; group 0 would be our own.
        """
        if not self.session:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.session, number)

    def kill(self) -> None:
        """End them all at once. Needs no loop, so nothing can interrupt it."""
        self.tell(signal.SIGKILL)
        for process in self.alive():
            with contextlib.suppress(psutil.Error):
                process.kill()

    async def left_behind(self) -> list[str]:
        """Wait for the helpers of an ended interpreter to end, and name what stays."""
        deadline = time.monotonic() + SETTLE
        while alive := self.alive():
            if time.monotonic() > deadline:
                return [f"process {_command(process)}" for process in alive]
            await asyncio.sleep(0.02)
        return []


def _command(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())[:80] or process.name()
    return "(ended meanwhile)"


@dataclass(frozen=True)
class Job:
    """A program to run (an absolute path), on which Python, for how many seconds at most.

    `silence` is for a program that is meant to hang: the seconds without output after which
    it does. They count from its first output, so a slow start on a busy machine is no hang.
    `watch` has the program tell what it does (Python 3.12 or newer). `here` runs it where the
    caller stands and in the caller's environment, with `arguments`: somebody's own program.
    """

    program: Path
    python: Python
    limit: float
    silence: float | None = None
    watch: bool = False
    here: bool = False
    arguments: tuple[str, ...] = ()


async def run(job: Job) -> Run:
    """Run one program and return what was seen.

    A program that overstays is asked (SIGINT), told (SIGTERM), then killed, each after
    `PATIENCE` seconds. When this returns or is cancelled, no process of the run is left.
    """
    # A short path: the address of a Unix socket holds about a hundred bytes.
    folder = Path(tempfile.mkdtemp(prefix="ps-"))
    for name in ("sockets", "reports", "work"):
        (folder / name).mkdir()
    family = _Family()
    started = time.monotonic()
    output = _Output(folder / "sockets", started)
    alone = False
    try:
        process = await asyncio.create_subprocess_exec(
            job.python.path,
            job.program,
            *job.arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output.files[0],
            stderr=output.files[1],
            cwd=None if job.here else folder / "work",
            env=_environment(family.mark, folder, job),
            start_new_session=True,
        )
        family.session = process.pid
        ended = await _watch(process, output, job)
        seconds = time.monotonic() - started
        leaks: list[str] = []
        stacks = ""
        if ended:
            leaks = await family.left_behind()
            alone = not leaks
            leaks += _threads(folder / "reports" / "threads", process.pid)
        output.drain()
        # What it prints while it is being stopped is not its output, and no fault of it.
        events, fault = output.events, output.fault
        if not ended:
            stacks = await _stacks(folder / "reports" / f"stacks.{process.pid}", process.pid)
            await _stop(process, family)
        return Run(
            python=job.python,
            events=events,
            exit=process.returncode if ended else None,
            seconds=seconds,
            leaks=tuple(leaks),
            stacks=stacks,
            fault=fault,
            lost=output.lost,
        )
    finally:
        if not alone:
            family.kill()
        output.close()
        shutil.rmtree(folder, ignore_errors=True)


async def _watch(process: asyncio.subprocess.Process, output: _Output, job: Job) -> bool:
    """Wait until the program ends, its time is up, or it floods; return whether it ended."""
    ends = asyncio.ensure_future(process.wait())
    floods = asyncio.ensure_future(output.overflow.wait())
    started = time.monotonic()
    try:
        while not ends.done() and not floods.done():
            left = job.limit - (time.monotonic() - started)
            if job.silence is not None and output.last is not None:
                left = min(left, job.silence - (time.monotonic() - started - output.last))
            if left <= 0:
                break
            # A hang is looked for again once its silence may be over.
            pause = left if job.silence is None else min(left, job.silence / 4)
            await asyncio.wait({ends, floods}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        return ends.done()
    finally:
        for waiter in (ends, floods):
            waiter.cancel()


async def _stop(process: asyncio.subprocess.Process, family: _Family) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        family.tell(number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), PATIENCE)
            return


async def _stacks(report: Path, pid: int) -> str:
    """Ask a program where its threads stand; empty where it cannot say."""
    if _read(report) is None:
        return ""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGUSR2)
    text, before, deadline = "", None, time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not (text and text == before):
        before = text
        await asyncio.sleep(0.02)
        text = _read(report) or ""
    return text


def _read(report: Path) -> str | None:
    """Read what the shim wrote, None where it never got to run."""
    try:
        return report.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _threads(report: Path, pid: int) -> list[str]:
    """Read which threads were alive when the main program ended.

    Up to Python 3.11 asyncio waits for each child in a thread that nobody joins
    (`asyncio.unix_events.ThreadedChildWatcher`); those end by themselves.
    """
    lines = (_read(report) or "").splitlines()
    mine = f"thread {pid} "
    names = [line.removeprefix(mine) for line in lines if line.startswith(mine)]
    return [f"thread {name}" for name in names if not _CHILD_WATCHER.fullmatch(name)]


def run_all(jobs: Iterable[Job], at_once: int, done: Callable[[int, Run], None]) -> None:
    """Run `jobs`, `at_once` at a time, calling `done(index, run)` as each ends.

    Ctrl-C and SIGTERM stop the batch; no process is left and the interrupt goes on.
    """

    async def batch() -> None:
        slots = asyncio.Semaphore(at_once)

        async def one(index: int, job: Job) -> None:
            async with slots:
                done(index, await run(job))

        async with _ends_on_sigterm(), asyncio.TaskGroup() as group:
            for index, job in enumerate(jobs):
                group.create_task(one(index, job))

    asyncio.run(batch())


@contextlib.asynccontextmanager
async def _ends_on_sigterm() -> AsyncIterator[None]:
    """Turn SIGTERM into an orderly exit with status 143, where signals reach this thread."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    told = False

    def tell() -> None:
        nonlocal told
        told = True
        task.cancel()

    try:
        loop.add_signal_handler(signal.SIGTERM, tell)
    except (RuntimeError, ValueError, NotImplementedError):
        yield  # not the main thread (Zensical renders in another one)
        return
    try:
        yield
    except asyncio.CancelledError:
        if told:
            sys.exit(128 + signal.SIGTERM)
        raise
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
