# SPDX-License-Identifier: 0BSD
"""What `run_hard` promises, one test each."""

import gc
import inspect
import math
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
import weakref
from contextlib import suppress
from fractions import Fraction
from itertools import chain, repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Iterator, List

import pytest

from run_hard import run_hard

# A thread of another file's tests may still be ending, which a fork is warned of.
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*multi-threaded.*fork:DeprecationWarning"
)

LONG = 60.0  # seconds; no test waits that long
module: Any = sys.modules["run_hard"]


@pytest.fixture(autouse=True)
def forked() -> Iterator[None]:
    """Use fork, which is quick; fail a test that leaves a child."""
    method = multiprocessing.get_start_method()
    multiprocessing.set_start_method("fork", force=True)
    with warnings.catch_warnings():
        # Since 3.12 for a fork beside threads.
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
    multiprocessing.set_start_method(method, force=True)
    assert multiprocessing.active_children() == []


class _Pipe:
    """A pipe that the children share, and that ends with the last of them."""

    def __init__(self) -> None:
        self.read, self.write = os.pipe()
        os.set_inheritable(self.write, True)

    def say(self, text: str = "ready") -> None:
        os.write(self.write, text.encode() + b"\n")

    def all_gone(self) -> str:
        """Wait until no other process has the pipe; return what was said."""
        os.close(self.write)
        with os.fdopen(self.read) as file:
            return file.read()


def _soon(start: float) -> bool:
    return time.monotonic() - start < LONG / 3


def _spin() -> None:
    while True:
        pass


def test_result() -> None:
    """Returns what the function returns."""
    assert run_hard(divmod, 17, 5, timeout=LONG) == (3, 2)
    assert run_hard(dict, timeout=LONG) == {}


def test_none() -> None:
    """A result of None, or one that is false, is a result."""
    for value in (None, 0, b"", False):
        assert run_hard(lambda x: x, value, timeout=LONG) == value


def test_large_result() -> None:
    """Ten megabytes, far more than a pipe holds, arrive complete."""
    start = time.monotonic()
    size = 10_000_000
    assert run_hard(bytes, size, timeout=LONG) == bytes(size)
    assert _soon(start)


@pytest.mark.parametrize("extra", range(-20, 20))
def test_pieces(extra: int) -> None:
    """A result arrives complete, whatever its size."""
    size = 4092 + extra
    assert run_hard(bytes, size, timeout=LONG) == bytes(size)


@pytest.mark.parametrize(
    "method", multiprocessing.get_all_start_methods()
)
def test_every_start_method(method: str) -> None:
    """It works with each start method: fork, spawn, forkserver."""
    multiprocessing.set_start_method(method, force=True)
    assert run_hard(divmod, 17, 5, timeout=LONG) == (3, 2)
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        run_hard(time.sleep, LONG, timeout=0.01)
    assert _soon(start)


def test_own_session() -> None:
    """The function runs in a process that leads its own session."""

    def where() -> List[int]:
        return [os.getpid(), os.getsid(0), os.getpgrp()]

    pid, session, group = run_hard(where, timeout=LONG)
    assert pid == session == group != os.getpid()


def test_exception() -> None:
    """What the function raises is raised here, and its cause has the traceback."""

    def broken() -> None:
        raise LookupError("lost")

    with pytest.raises(LookupError, match="lost") as error:
        run_hard(broken, timeout=LONG)
    cause = error.value.__cause__
    assert isinstance(cause, RuntimeError)
    assert "in broken" in str(cause)


def test_unpicklable_result() -> None:
    """A result that cannot be pickled gives the error of pickling it."""
    with pytest.raises((TypeError, AttributeError), match="pickle"):
        run_hard(threading.Lock, timeout=LONG)


class _PickyError(Exception):
    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)


def test_unpicklable_exception(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """An exception that cannot be pickled, or not back, gives RuntimeError, and is on stderr."""

    def picky() -> None:
        raise _PickyError("spe", "cial")

    def locked() -> None:
        raise ValueError("special", threading.Lock())

    for function in (picky, locked):
        with pytest.raises(RuntimeError, match="exit code 1"):
            run_hard(function, timeout=LONG)
        assert "special" in capfd.readouterr().err


@pytest.mark.parametrize("code", [0, 7])
def test_ends_without_result(code: int) -> None:
    """A process that ends without a result gives RuntimeError with the exit code."""
    start = time.monotonic()
    for leave in (os._exit, sys.exit):
        with pytest.raises(
            RuntimeError, match=f"exit code {code}$"
        ):
            run_hard(leave, code, timeout=LONG)
    assert _soon(start)


def test_crash() -> None:
    """A process that a signal ends, like a crash in C, gives RuntimeError."""

    def crash() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(
        RuntimeError, match="no result, exit code -9"
    ):
        run_hard(crash, timeout=LONG)


def test_timeout() -> None:
    """A loop that checks nothing is stopped when its time is up: TimeoutError."""
    start = time.monotonic()
    with pytest.raises(
        TimeoutError, match=r"no result in 0\.1 seconds"
    ):
        run_hard(_spin, timeout=0.1, grace=LONG)
    assert time.monotonic() - start > 0.09
    assert _soon(start)


@pytest.mark.parametrize("limit", [0, 0.0, -1])
def test_timeout_of_zero(limit: float) -> None:
    """A timeout of zero or less ends the process as it starts."""
    start = time.monotonic()
    pipe = _Pipe()
    with pytest.raises(TimeoutError):
        run_hard(time.sleep, LONG, timeout=limit)
    assert _soon(start)
    assert pipe.all_gone() == ""


def _until_said(
    monkeypatch: pytest.MonkeyPatch, pipe: _Pipe
) -> None:
    """Let the time be up as soon as the child has said a word."""
    receive = module._receive

    def later(receiver: Any, child: Any, timeout: float) -> Any:
        assert timeout == LONG
        assert os.read(pipe.read, 1) == b"."
        return receive(receiver, child, 0)

    monkeypatch.setattr(module, "_receive", later)


def test_ignores_sigterm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that ignores SIGTERM is killed when the grace is over."""
    pipe = _Pipe()

    def refuse() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.write(pipe.write, b".")
        _spin()

    _until_said(monkeypatch, pipe)
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        run_hard(refuse, timeout=LONG, grace=0.2)
    assert time.monotonic() - start > 0.15
    assert _soon(start)
    assert pipe.all_gone() == ""


def test_cleans_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that handles SIGTERM has the grace to clean up; the call still raises TimeoutError."""
    pipe = _Pipe()

    def tidy() -> str:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        try:
            os.write(pipe.write, b".")
            while True:
                time.sleep(0.01)
        finally:
            pipe.say("tidied")

    _until_said(monkeypatch, pipe)
    with pytest.raises(TimeoutError):
        run_hard(tidy, timeout=LONG, grace=LONG)
    assert pipe.all_gone() == "tidied\n"


def test_late_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large result that comes after the timeout does not hold up the end of the process, and is dropped."""
    pipe = _Pipe()

    def late() -> bytes:
        asked: List[int] = []
        signal.signal(signal.SIGTERM, lambda n, _: asked.append(n))
        os.write(pipe.write, b".")
        while not asked:
            time.sleep(0.01)
        return bytes(1_000_000)

    _until_said(monkeypatch, pipe)
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        run_hard(late, timeout=LONG, grace=math.inf)
    assert _soon(start)
    assert pipe.all_gone() == ""


def test_answer_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large result that is still arriving when the time is up is a TimeoutError."""
    times = chain(repeat(0.0, 50), repeat(LONG))  # 50 pieces
    clock = SimpleNamespace(monotonic=lambda: next(times))
    monkeypatch.setattr(module, "time", clock)
    with pytest.raises(TimeoutError):
        run_hard(bytes, 1_000_000, timeout=LONG / 2)


@pytest.mark.parametrize("grace", [0, -1])
def test_no_grace(
    grace: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a grace of zero or less SIGKILL follows at once."""
    pipe = _Pipe()

    def refuse() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.write(pipe.write, b".")
        _spin()

    _until_said(monkeypatch, pipe)
    with pytest.raises(TimeoutError):
        run_hard(refuse, timeout=LONG, grace=grace)
    assert pipe.all_gone() == ""


def test_grace_unless_given() -> None:
    """The grace is one second unless it is given."""
    parameters = inspect.signature(run_hard).parameters
    assert parameters["grace"].default == 1


def test_crash_beside_a_forked_child() -> None:
    """A crash is reported at once, also while a forked grandchild holds the pipe of the result."""
    pipe = _Pipe()

    def crash() -> None:
        if os.fork() == 0:
            time.sleep(1000)
        os._exit(3)

    start = time.monotonic()
    with pytest.raises(RuntimeError, match=r"exit code 3$"):
        run_hard(crash, timeout=LONG, grace=LONG)
    assert _soon(start)
    assert pipe.all_gone() == ""


def test_crash_beside_other_calls() -> None:
    """A crash is reported at once while other threads make calls, whose forked children hold the pipe."""
    pipe = _Pipe()
    holder: List[int] = []
    start_process = multiprocessing.Process.start

    def and_fork(process: multiprocessing.Process) -> None:
        # As another thread's call does just before the child starts.
        pid = os.fork()
        if pid == 0:
            time.sleep(1000)
            os._exit(0)
        holder.append(pid)
        start_process(process)

    start = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(multiprocessing.Process, "start", and_fork)
        with pytest.raises(RuntimeError, match=r"exit code 3$"):
            run_hard(os._exit, 3, timeout=LONG, grace=LONG)
    assert _soon(start)
    os.kill(holder[0], signal.SIGKILL)
    os.waitpid(holder[0], 0)
    assert pipe.all_gone() == ""


def test_answer_of_an_exited_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The answer of a process that has exited is read to its end."""
    receive = module._receive

    def late(receiver: Any, child: Any, limit: float) -> Any:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        return receive(receiver, child, limit)

    monkeypatch.setattr(module, "_receive", late)
    size = 20_000
    assert run_hard(bytes, size, timeout=LONG) == bytes(size)


def test_no_limit() -> None:
    """`math.inf` sets no limit, for the timeout and for the grace."""
    assert run_hard(abs, -1, timeout=math.inf, grace=math.inf) == 1


def test_number_is_not_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SIGKILL is sent while the number of the process is its own: it is not reaped yet, even if it has exited."""
    groups: List[int] = []
    killpg = os.killpg

    def noted(group: int, number: int) -> None:
        groups.append(group)
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        os.waitid(os.P_PID, group, look)  # raises if it is reaped
        killpg(group, number)

    monkeypatch.setattr(os, "killpg", noted)
    assert run_hard(abs, -1, timeout=LONG) == 1
    with pytest.raises(RuntimeError, match=r"exit code 3$"):
        run_hard(os._exit, 3, timeout=LONG)
    with pytest.raises(TimeoutError):
        run_hard(time.sleep, LONG, timeout=0)
    assert len(groups) == 3


def test_closed_descriptors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A function that closes all descriptors, as a daemon does, has the whole timeout and the grace."""
    pipe = _Pipe()

    def tidy(*_: Any) -> None:
        time.sleep(0.05)
        os.write(0, b"tidied\n")
        os._exit(0)

    def daemon() -> None:
        signal.signal(signal.SIGTERM, tidy)
        os.dup2(pipe.write, 0)
        os.closerange(1, 1000)
        os.write(0, b".")
        _spin()

    _until_said(monkeypatch, pipe)
    with pytest.raises(TimeoutError):
        run_hard(daemon, timeout=LONG, grace=LONG)
    assert pipe.all_gone() == "tidied\n"


def test_types_of_limits() -> None:
    """A limit can be of any type that `float` takes; with others, nothing is started."""
    pipe = _Pipe()
    limit: Any = Fraction(60)
    assert run_hard(abs, -1, timeout=limit, grace=limit) == 1
    for odd in (None, "soon", 10**400):
        for name in ("timeout", "grace"):
            limits: Any = {"timeout": LONG, name: odd}
            with pytest.raises(
                (TypeError, ValueError, OverflowError)
            ):
                run_hard(pipe.say, **limits)
    assert pipe.all_gone() == ""


def test_ignored_sigchld() -> None:
    """In a program that ignores SIGCHLD, the result does not wait for the grace."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        start = time.monotonic()
        assert run_hard(abs, -1, timeout=LONG, grace=LONG) == 1
        assert _soon(start)
    finally:
        signal.signal(signal.SIGCHLD, before)
    # multiprocessing still believes that it runs.
    forget: Any = multiprocessing.process
    forget._children.clear()


def test_ignored_sigchld_and_a_forked_child() -> None:
    """There, a crash beside a forked child of the function is reported at the timeout: RuntimeError."""
    pipe = _Pipe()

    def crash() -> None:
        child = os.fork()
        if child == 0:
            time.sleep(1000)
        pipe.say(str(child))
        os._exit(3)

    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with pytest.raises(RuntimeError, match="exit code None"):
            run_hard(crash, timeout=0.1, grace=0)
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert pipe.all_gone().strip().isdigit()
    forget: Any = multiprocessing.process
    forget._children.clear()


def test_not_a_number() -> None:
    """A limit that is not a number counts as zero."""
    pipe = _Pipe()
    with pytest.raises(TimeoutError):
        run_hard(_spin, timeout=math.nan, grace=math.nan)
    assert pipe.all_gone() == ""


def _start_sleep(pipe: _Pipe) -> int:
    command = ["sleep", "1000"]
    return subprocess.Popen(command, pass_fds=[pipe.write]).pid


def test_grandchild_of_a_late_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the time is up, what the function started is killed as well."""
    pipe = _Pipe()

    def parent() -> None:
        _start_sleep(pipe)
        os.write(pipe.write, b".")
        _spin()

    _until_said(monkeypatch, pipe)
    with pytest.raises(TimeoutError):
        run_hard(parent, timeout=LONG)
    assert pipe.all_gone() == ""


def test_grandchild_of_one_that_returned() -> None:
    """What the function leaves running is killed when it returns, raises or crashes."""
    pipe = _Pipe()

    def returns() -> int:
        return _start_sleep(pipe)

    def raises() -> None:
        _start_sleep(pipe)
        raise LookupError

    def crashes() -> None:
        _start_sleep(pipe)
        os._exit(3)

    assert run_hard(returns, timeout=LONG) > 0
    with pytest.raises(LookupError):
        run_hard(raises, timeout=LONG)
    with pytest.raises(RuntimeError, match="exit code 3"):
        run_hard(crashes, timeout=LONG)
    assert pipe.all_gone() == ""


def test_forked_grandchild() -> None:
    """A grandchild made by fork holds the pipe of the result, which arrives all the same."""
    pipe = _Pipe()

    def forks() -> str:
        if os.fork() == 0:
            time.sleep(1000)
        return "here"

    start = time.monotonic()
    assert run_hard(forks, timeout=LONG, grace=LONG) == "here"
    assert _soon(start)
    assert pipe.all_gone() == ""


def test_thread_left_behind() -> None:
    """A thread that the function left cannot hold up the end for longer than the grace."""

    def leaves() -> str:
        threading.Thread(target=time.sleep, args=(LONG,)).start()
        return "here"

    start = time.monotonic()
    assert run_hard(leaves, timeout=LONG, grace=0.1) == "here"
    assert _soon(start)


def test_left_the_group() -> None:
    """What has left the group lives on, and does not hold up the call."""
    pipe = _Pipe()

    def leaves() -> int:
        command = ["sleep", "1000"]
        return subprocess.Popen(
            command, pass_fds=[pipe.write], start_new_session=True
        ).pid

    pid = run_hard(leaves, timeout=LONG)
    os.kill(pid, signal.SIGKILL)
    assert pipe.all_gone() == ""


def test_stopped_while_it_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process that is suspended in the middle of its answer cannot hold up the call."""
    receive = module._receive

    def stops_it(receiver: Any, child: Any, timeout: float) -> Any:
        assert receiver.poll(LONG)
        os.kill(child.pid or -1, signal.SIGSTOP)
        return receive(receiver, child, timeout)

    monkeypatch.setattr(module, "_receive", stops_it)
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        run_hard(bytes, 10_000_000, timeout=0.2, grace=0)
    assert _soon(start)


def test_handlers_of_the_parent() -> None:
    """Handlers of the parent for SIGTERM do not act in the child, nor wake up its loop."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    calls: List[int] = []
    handler = signal.signal(
        signal.SIGTERM, lambda n, _: calls.append(n)
    )
    old = signal.set_wakeup_fd(write)
    try:
        start = time.monotonic()
        with pytest.raises(TimeoutError):
            run_hard(time.sleep, LONG, timeout=0.1, grace=LONG)
        assert _soon(start)
    finally:
        signal.set_wakeup_fd(old)
        signal.signal(signal.SIGTERM, handler)
    os.close(write)
    assert os.read(read, 1) == b""
    os.close(read)
    assert calls == []

    def wakeup() -> int:
        return signal.set_wakeup_fd(-1)

    assert run_hard(wakeup, timeout=LONG) == -1


def test_handlers_of_the_parent_at_the_start() -> None:
    """They do not act in a child either whose time is up while it starts."""
    calls = _Pipe()
    handler = signal.signal(
        signal.SIGTERM, lambda *_: calls.say("called")
    )
    bootstrap: Any = multiprocessing.Process._bootstrap  # type: ignore[attr-defined]

    def slow(process: Any, *args: Any, **options: Any) -> Any:
        time.sleep(0.2)  # a signal would end this sleep
        return bootstrap(process, *args, **options)

    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                multiprocessing.Process, "_bootstrap", slow
            )
            for limit in (0, 0.05):
                with pytest.raises(TimeoutError):
                    run_hard(abs, 1, timeout=limit, grace=LONG)
    finally:
        signal.signal(signal.SIGTERM, handler)
    assert calls.all_gone() == ""


class _Data:
    """Something that a caller refers to."""


def test_no_reference_cycle() -> None:
    """An exception of the function keeps nothing alive when it has been handled."""
    refs: "List[weakref.ref[_Data]]" = []

    def caller() -> None:
        data = _Data()
        refs.append(weakref.ref(data))
        with suppress(ValueError):
            run_hard(int, "x", timeout=LONG)

    gc.disable()
    try:
        caller()
        assert refs[0]() is None
    finally:
        gc.enable()


def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C kills at once, without the grace; `KeyboardInterrupt` goes on."""
    pipe = _Pipe()

    def refuse() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        _start_sleep(pipe)
        os.write(pipe.write, b".")
        _spin()

    def interrupted(*_: Any) -> None:
        # Not a real signal: one that comes just before a wait begins
        # would raise after it.
        assert os.read(pipe.read, 1) == b"."
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_receive", interrupted)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_hard(refuse, timeout=LONG, grace=LONG)
    assert _soon(start)
    assert pipe.all_gone() == ""


def test_cannot_start() -> None:
    """An argument that cannot be pickled raises before the process starts, and leaves nothing."""
    multiprocessing.set_start_method("spawn", force=True)
    gc.collect()  # what other tests left open
    files = len(list(Path("/dev/fd").iterdir()))
    with pytest.raises((AttributeError, TypeError), match="pickle"):
        run_hard(threading.Lock().acquire, timeout=LONG)
    assert len(list(Path("/dev/fd").iterdir())) == files


def test_in_threads() -> None:
    """Several threads may call it at once; each has its own result."""
    results: List[int] = []

    def call(number: int) -> None:
        results.append(run_hard(abs, -number, timeout=LONG))

    threads = [
        threading.Thread(target=call, args=(number,))
        for number in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == list(range(6))


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls, in time and late, leave no process, thread or descriptor."""
    files = len(list(Path("/dev/fd").iterdir()))
    pipe = _Pipe()
    for turn in range(100):
        if turn % 2:
            assert run_hard(abs, -turn, timeout=LONG) == turn
            continue
        with pytest.raises(TimeoutError):
            run_hard(time.sleep, LONG, timeout=0)
    assert pipe.all_gone() == ""
    assert len(list(Path("/dev/fd").iterdir())) == files
    assert threading.active_count() == 1
