"""Run a program in a fresh interpreter, observe it from outside, leave nothing behind."""

import asyncio
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
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from pleasestop.snippets.capture import Capture, Event, PassedOn, Sockets
from pleasestop.snippets.interpreters import Interpreter

GRACE = 0.3
"""Seconds that a program has to react to a signal before it gets a stronger one."""

SETTLE = 1.0
"""Seconds that helpers of the interpreter (the resource tracker of multiprocessing, a fork server)
have to exit after it; a process that lives longer was left behind."""

ASK = signal.SIGRTMAX - 3 if hasattr(signal, "SIGRTMAX") else signal.SIGUSR2
"""The signal that asks a Python where its threads stand; a real-time signal, which programs rarely use."""

LOOKS = 8
"""How often a process is looked at, to see whether it computes."""

ANSWER = 3.0
"""Seconds that the processes of a program have to say where they stand."""

BOOTSTRAP = Path(__file__).parent / "bootstrap"
"""The folder whose `sitecustomize` every Python of a run imports first."""

_CHILD_WATCHER = re.compile(r"(asyncio-)?waitpid-\d+")


@dataclass(frozen=True)
class Standing:
    """A process of a program, just before it was stopped.

    `busy` is the share of the last looks at it that found a thread running. `snapshot` is the
    JSON that `pleasestop_snapshot` wrote, `stacks` what `faulthandler` wrote; each is "" for a
    process that did not answer.
    """

    pid: int
    parent: int
    command: str
    busy: float
    snapshot: str
    stacks: str


@dataclass(frozen=True)
class Run:
    """What was seen of one run.

    `exit` is as in `subprocess` (negative for a signal), None where the run had to be
    stopped. `events` are those before a stop. `leaks` names processes and daemon threads
    that outlived the program; `stacks` says where its threads stood when it was stopped, and
    `processes` what stood where in a run that takes snapshots.
    `fault` is a sentence on output that cannot be shown (a flood, bytes that are not UTF-8).
    `dropped` counts the events in the middle of the run that were too many to keep.
    """

    interpreter: Interpreter
    events: tuple[Event, ...]
    exit: int | None
    seconds: float
    leaks: tuple[str, ...] = ()
    stacks: str = ""
    processes: tuple["Standing", ...] = ()
    fault: str | None = None
    dropped: int = 0

    @property
    def printed(self) -> tuple[Event, ...]:
        """The pieces of output alone."""
        return tuple(event for event in self.events if event.stream != "trace")


@dataclass(frozen=True)
class Job:
    """A program to run: an absolute path, the interpreter, and a limit in seconds.

    `silence` is for a program that is meant to hang: the seconds without output after which
    the hang is believed. They count from its first output, because a slow start on a busy
    machine is not a hang. `monitor` is a folder with a `pleasestop_monitor` module that
    sends trace events (Python 3.12 or newer). `snapshot` is the file that writes where tasks
    stand when the run must be stopped. `here` runs a program of the reader's own: in the
    current folder and environment, with the caller's stdin, with `arguments`, and without a
    bound on its output, which is also passed on to the caller's streams; as `python -m` if
    `module` is named.
    """

    program: Path
    interpreter: Interpreter
    limit: float
    silence: float | None = None
    monitor: Path | None = None
    snapshot: Path | None = None
    here: bool = False
    module: str = ""
    arguments: tuple[str, ...] = ()


def can_run_here() -> bool:
    """Return whether this system has what a run needs (Unix datagram sockets, sessions)."""
    return hasattr(socket, "AF_UNIX") and hasattr(os, "killpg")


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


def _environment(mark: str, folder: Path, job: Job) -> dict[str, str]:
    """Return the environment of a program; a snippet sees nothing of the builder's own settings."""
    environment = dict(os.environ) if job.here else _PLAIN | {"HOME": str(folder), "TMPDIR": str(folder)}
    paths = [str(BOOTSTRAP), *([str(job.monitor)] if job.monitor else []), environment.get("PYTHONPATH", "")]
    environment |= {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PLEASESTOP_RUN": mark,
        "PLEASESTOP_REPORTS": str(folder / "reports"),
        "PLEASESTOP_ASK": str(int(ASK)),
    }
    if job.interpreter.loop:
        environment["PLEASESTOP_LOOP"] = job.interpreter.loop
    if job.snapshot:
        environment["PLEASESTOP_SNAPSHOT"] = str(job.snapshot)
    if job.monitor:
        environment |= {"PLEASESTOP_TRACED": str(job.program), "PLEASESTOP_EVENTS": str(folder / "sockets/all")}
    return environment


class _ProcessTree:
    """The processes of one run: those in its session, and those with its mark in their environment.

    The mark finds processes that left the session; processes older than the run are not asked.
    """

    def __init__(self) -> None:
        self.mark = uuid.uuid4().hex
        self.session = 0
        self._older = frozenset(psutil.pids())

    def alive(self) -> list[psutil.Process]:
        """Return the processes that live now."""
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

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the session's first process group.

        A run that is interrupted before its process started has no session; group 0 would be ours.
        """
        if not self.session:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.session, number)

    def kill(self) -> None:
        """Kill every process at once; this needs no loop, so nothing can interrupt it."""
        self.signal(signal.SIGKILL)
        for process in self.alive():
            with contextlib.suppress(psutil.Error):
                process.kill()

    async def left_behind(self) -> list[str]:
        """Wait until the helpers of an exited interpreter have exited, and name the processes that stay."""
        deadline = time.monotonic() + SETTLE
        while alive := self.alive():
            if time.monotonic() > deadline:
                return [f"process {_command(process)}" for process in alive]
            await asyncio.sleep(0.02)
        return []


def _command(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())[:80] or process.name()
    return "(exited meanwhile)"


async def run(job: Job, interrupt: asyncio.Event | None = None) -> Run:
    """Run one program and return what was seen.

    A program that exceeds its limit, or runs when `interrupt` is set, gets SIGINT, then
    SIGTERM, then SIGKILL, each `GRACE` seconds after the one before. When this returns or is
    cancelled, no process of the run is left.
    """
    # A short path: the address of a Unix socket holds about a hundred bytes.
    folder = Path(tempfile.mkdtemp(prefix="ps-"))
    for name in ("sockets", "reports", "work"):
        (folder / name).mkdir()
    tree = _ProcessTree()
    started = time.monotonic()
    capture = (PassedOn if job.here else Sockets)(folder / "sockets", started)
    alone = False
    try:
        process = await asyncio.create_subprocess_exec(
            job.interpreter.executable,
            *(["-m", job.module] if job.module else [job.program]),
            *job.arguments,
            stdin=None if job.here else asyncio.subprocess.DEVNULL,
            stdout=capture.descriptors[0],
            stderr=capture.descriptors[1],
            cwd=None if job.here else folder / "work",
            env=_environment(tree.mark, folder, job),
            start_new_session=True,
        )
        tree.session = process.pid
        capture.handed_over()
        ended = await _observe(process, capture, job, interrupt or asyncio.Event())
        seconds = time.monotonic() - started
        leaks: list[str] = []
        stacks = ""
        processes: tuple[Standing, ...] = ()
        if ended:
            leaks = await tree.left_behind()
            alone = not leaks
            leaks += _threads(folder / "reports" / "threads", process.pid)
        capture.drain()
        # What the program prints while it is being stopped is neither its output nor its fault.
        events, fault = capture.events, capture.fault
        if not ended:
            if job.snapshot:
                processes = await _standing(folder / "reports", tree)
            else:
                stacks = await _stacks(folder / "reports" / f"stacks.{process.pid}", process.pid)
            await _stop(process, tree)
        return Run(
            interpreter=job.interpreter,
            events=events,
            exit=process.returncode if ended else None,
            seconds=seconds,
            leaks=tuple(leaks),
            stacks=stacks,
            processes=processes,
            fault=fault,
            dropped=capture.dropped,
        )
    finally:
        if not alone:
            tree.kill()
        capture.close()
        shutil.rmtree(folder, ignore_errors=True)


async def _observe(process: asyncio.subprocess.Process, capture: Capture, job: Job, interrupt: asyncio.Event) -> bool:
    """Wait until the program exits, its time is up, it floods, or `interrupt` is set; return whether it exited."""
    exits = asyncio.ensure_future(process.wait())
    floods = asyncio.ensure_future(capture.overflow.wait())
    interrupted = asyncio.ensure_future(interrupt.wait())
    started = time.monotonic()
    try:
        while not exits.done() and not floods.done() and not interrupted.done():
            left = job.limit - (time.monotonic() - started)
            if job.silence is not None and capture.last is not None:
                left = min(left, job.silence - (time.monotonic() - started - capture.last))
            if left <= 0:
                break
            # Look again once the silence may have lasted long enough.
            pause = left if job.silence is None else min(left, job.silence / 4)
            await asyncio.wait({exits, floods, interrupted}, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        return exits.done()
    finally:
        for waiter in (exits, floods, interrupted):
            waiter.cancel()


async def _stop(process: asyncio.subprocess.Process, tree: _ProcessTree) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        tree.signal(number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE)
            return


async def _stacks(report: Path, pid: int) -> str:
    """Ask a program where its threads stand; return "" where it cannot say."""
    if _read(report) is None:
        return ""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, ASK)
    text, before, deadline = "", None, time.monotonic() + GRACE
    while time.monotonic() < deadline and not (text and text == before):
        before = text
        await asyncio.sleep(0.02)
        text = _read(report) or ""
    return text


async def _standing(reports: Path, tree: _ProcessTree) -> tuple[Standing, ...]:
    """Ask every process of the program where it stands, and measure how busy each is."""
    processes = tree.alive()
    # Read before they are asked: a call like `signal.pause` returns then, and the program may end.
    known = {}
    for process in processes:
        with contextlib.suppress(psutil.Error):
            known[process.pid] = (process.ppid(), _command(process))
    busy = await shares_of_running(processes)
    # A process without the file of stacks has not installed the handler: the signal would end it.
    asked = [process.pid for process in processes if (reports / f"stacks.{process.pid}").exists()]
    for pid in asked:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, ASK)
    deadline = time.monotonic() + ANSWER
    while time.monotonic() < deadline and not all((reports / f"snapshot.{pid}.json").exists() for pid in asked):  # noqa: ASYNC110 (processes write files)
        await asyncio.sleep(0.02)
    return tuple(
        Standing(
            pid,
            *known[pid],
            busy=busy[pid],
            snapshot=_read(reports / f"snapshot.{pid}.json") or "",
            stacks=_read(reports / f"stacks.{pid}") or "",
        )
        for pid in known
    )


async def shares_of_running(processes: Sequence[psutil.Process]) -> dict[int, float]:
    """Return, by the number of a process, the share of some looks at it that find a thread of it running."""
    counts = dict.fromkeys((process.pid for process in processes), 0)
    for _ in range(LOOKS):
        for process in processes:
            counts[process.pid] += _runs(process)
        await asyncio.sleep(GRACE / LOOKS)
    return {pid: count / LOOKS for pid, count in counts.items()}


def _runs(process: psutil.Process) -> bool:
    """Return whether a thread of a process is running, or could if a processor were free."""
    states = Path(f"/proc/{process.pid}/task").glob("*/stat")
    with contextlib.suppress(psutil.Error, OSError):
        # After the name, in parentheses, comes the state; R is running. (proc_pid_stat(5))
        found = [state.read_text(errors="replace").rpartition(")")[2].split()[0] for state in states]
        return "R" in found if found else process.status() == psutil.STATUS_RUNNING
    return False


def _read(report: Path) -> str | None:
    """Return what the bootstrap wrote, None where it never ran."""
    try:
        return report.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _threads(report: Path, pid: int) -> list[str]:
    """Return which threads were alive when the main program ended.

    Up to Python 3.11 asyncio waits for each child in a thread that is never joined
    (`asyncio.unix_events.ThreadedChildWatcher`); those threads end by themselves.
    """
    lines = (_read(report) or "").splitlines()
    mine = f"thread {pid} "
    names = [line.removeprefix(mine) for line in lines if line.startswith(mine)]
    return [f"thread {name}" for name in names if not _CHILD_WATCHER.fullmatch(name)]


def run_all(jobs: Iterable[Job], at_once: int, done: Callable[[int, Run], None]) -> None:
    """Run `jobs`, `at_once` at a time, and call `done(index, run)` as each ends.

    Ctrl-C and SIGTERM stop the batch; no process is left and the interrupt goes on.
    """

    async def batch() -> None:
        slots = asyncio.Semaphore(at_once)

        async def run_job(index: int, job: Job) -> None:
            async with slots:
                done(index, await run(job))

        async with _exit_on_sigterm(), asyncio.TaskGroup() as group:
            for index, job in enumerate(jobs):
                group.create_task(run_job(index, job))

    asyncio.run(batch())


@contextlib.asynccontextmanager
async def _exit_on_sigterm() -> AsyncIterator[None]:
    """Turn SIGTERM into an orderly exit with status 143, where signals reach this thread."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    received = False

    def cancel() -> None:
        nonlocal received
        received = True
        task.cancel()

    try:
        loop.add_signal_handler(signal.SIGTERM, cancel)
    except (RuntimeError, ValueError, NotImplementedError):
        yield  # not in the main thread (Zensical renders in another one)
        return
    try:
        yield
    except asyncio.CancelledError:
        if received:
            sys.exit(128 + signal.SIGTERM)
        raise
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
