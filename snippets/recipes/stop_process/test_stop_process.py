# SPDX-License-Identifier: 0BSD
"""What `stop_process` promises, one test each."""

import inspect
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from decimal import Decimal
from fractions import Fraction
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest

from stop_process import stop_process

# A thread of another file's tests may still be ending, which a fork is warned of.
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*multi-threaded.*fork:DeprecationWarning"
)

LONG = 60.0  # seconds; no test waits that long


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Fail if the test leaves a child."""
    yield
    assert multiprocessing.active_children() == []


def _wait() -> None:
    # Not one long sleep: a signal that arrives just before it begins
    # would run its handler only when it ends.
    while True:
        time.sleep(0.01)


def _sleep(ready: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ready.send(None)
    time.sleep(LONG)


def _refuse(ready: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready.send(None)
    time.sleep(LONG)


def _clean(ready: Connection) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
    try:
        ready.send(None)
        _wait()
    finally:
        ready.send("cleaned up")


def _fill_queue(ready: Connection, queue: Any) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
    queue.put(bytes(1_000_000))
    ready.send(None)
    _wait()


def _fork(ready: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    grandchild = os.fork()
    if grandchild:
        ready.send(grandchild)
    time.sleep(LONG)


def _close_all(ready: Connection, clean: bool) -> None:
    signal.signal(
        signal.SIGTERM,
        (lambda *_: sys.exit(5)) if clean else signal.SIG_IGN,
    )
    ready.send(None)
    os.closerange(3, 100)
    _wait()


class _Started:
    """A child that runs `target`, and has reached its `ready.send`."""

    def __init__(
        self,
        target: Callable[..., None],
        *args: Any,
        method: str = "fork",
    ) -> None:
        context: Any = multiprocessing.get_context(method)
        self.pipe, ready = context.Pipe(duplex=False)
        self.process: BaseProcess = context.Process(
            target=target, args=(ready, *args)
        )
        self.process.start()
        ready.close()
        self.message = self.pipe.recv()
        pid = self.process.pid
        assert pid is not None
        self.pid = pid

    def gone(self) -> bool:
        """Return whether it has ended and has been reaped."""
        self.pipe.close()
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False


def _soon(start: float) -> bool:
    return time.monotonic() - start < LONG / 3


def test_terminates() -> None:
    """A process that does not handle SIGTERM ends at once, with exit code -15."""
    child = _Started(_sleep)
    start = time.monotonic()
    assert (
        stop_process(child.process, grace=LONG) == -signal.SIGTERM
    )
    assert _soon(start)
    assert child.gone()


@pytest.mark.parametrize(
    "method", multiprocessing.get_all_start_methods()
)
def test_every_start_method(method: str) -> None:
    """Every start method works: fork, spawn, forkserver."""
    child = _Started(_sleep, method=method)
    assert (
        stop_process(child.process, grace=LONG) == -signal.SIGTERM
    )
    assert child.gone()


def test_lets_it_clean_up() -> None:
    """A process that handles SIGTERM runs its `finally` and chooses its exit code."""
    child = _Started(_clean)
    assert stop_process(child.process, grace=LONG) == 5
    assert child.pipe.recv() == "cleaned up"
    assert child.gone()


def test_kills_what_refuses() -> None:
    """A process that ignores SIGTERM is killed after the grace, exit code -9."""
    child = _Started(_refuse)
    start = time.monotonic()
    assert stop_process(child.process, grace=0.1) == -signal.SIGKILL
    assert time.monotonic() - start > 0.09
    assert _soon(start)
    assert child.gone()


def test_kills_what_is_stopped() -> None:
    """A suspended process, which cannot handle SIGTERM, is killed."""
    child = _Started(_clean)
    os.kill(child.pid, signal.SIGSTOP)
    assert stop_process(child.process, grace=0.1) == -signal.SIGKILL
    assert child.gone()


@pytest.mark.parametrize("grace", [0, 0.0, -1, -LONG])
def test_no_grace(grace: float) -> None:
    """A grace of zero or less kills at once, without SIGTERM."""
    child = _Started(_clean)
    assert (
        stop_process(child.process, grace=grace) == -signal.SIGKILL
    )
    with pytest.raises(EOFError):
        child.pipe.recv()
    assert child.gone()


@pytest.mark.parametrize("grace", [math.inf, 1e300, 1e6])
def test_no_limit(grace: float) -> None:
    """With a grace of `math.inf` or a million seconds, the process may clean up for as long as it takes."""
    child = _Started(_clean)
    assert stop_process(child.process, grace=grace) == 5
    assert child.pipe.recv() == "cleaned up"
    assert child.gone()


def test_grace_is_a_number() -> None:
    """A NaN as grace raises ValueError, and nothing is sent."""
    child = _Started(_clean)
    with pytest.raises(ValueError, match="not a number"):
        stop_process(child.process, grace=math.nan)
    assert child.process.is_alive()
    assert stop_process(child.process, grace=0) == -signal.SIGKILL
    assert child.gone()


def test_shortest_grace() -> None:
    """Any grace above zero, however short, begins with SIGTERM."""
    child = _Started(_sleep)
    sent: List[str] = []
    terminate = child.process.terminate

    def noted() -> None:
        sent.append("SIGTERM")
        terminate()

    child.process.terminate = noted  # type: ignore[method-assign]
    assert stop_process(child.process, grace=1e-9) in (-15, -9)
    assert sent == ["SIGTERM"]
    assert child.gone()


def test_grace_is_by_name() -> None:
    """The grace is a keyword argument, and five seconds unless given."""
    child = _Started(_sleep)
    with pytest.raises(TypeError):
        stop_process(child.process, 1)  # type: ignore[call-arg]
    grace = inspect.signature(stop_process).parameters["grace"]
    assert grace.default == 5
    assert stop_process(child.process) == -signal.SIGTERM
    assert child.gone()


def test_ended_before() -> None:
    """A process that has ended, joined or not, keeps its exit code."""
    for joined in (False, True):
        child = _Started(_sleep)
        os.kill(child.pid, signal.SIGKILL)
        if joined:
            child.process.join()
        else:  # ended, but not reaped: a zombie
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert stop_process(child.process, grace=LONG) == -9
        assert child.gone()


def test_twice() -> None:
    """A second call returns the same exit code."""
    child = _Started(_sleep)
    assert stop_process(child.process, grace=LONG) == -15
    assert stop_process(child.process, grace=LONG) == -15
    assert stop_process(child.process, grace=0) == -15
    assert child.gone()


def test_ended_beside_a_grandchild() -> None:
    """A process that has ended is joined at once, even if its own child runs on."""
    child = _Started(_fork)
    os.kill(child.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    start = time.monotonic()
    assert (
        stop_process(child.process, grace=LONG) == -signal.SIGKILL
    )
    assert _soon(start)
    os.kill(child.message, signal.SIGKILL)
    assert child.gone()


def test_undrained_queue() -> None:
    """A process that cannot exit because its queue is not read is killed."""
    context = multiprocessing.get_context("fork")
    queue: Any = context.Queue()
    child = _Started(_fill_queue, queue)
    assert (
        stop_process(child.process, grace=0.05) == -signal.SIGKILL
    )
    assert child.gone()
    queue.close()
    queue.join_thread()


def test_grandchild_does_not_delay() -> None:
    """A child that the process forked runs on, and does not delay the call."""
    child = _Started(_fork)
    start = time.monotonic()
    assert (
        stop_process(child.process, grace=LONG) == -signal.SIGTERM
    )
    assert _soon(start)
    os.kill(child.message, 0)  # raises if it is gone
    os.kill(child.message, signal.SIGKILL)
    assert child.gone()


@pytest.mark.parametrize("clean", [False, True])
def test_closed_descriptors(clean: bool) -> None:
    """A process that closed all its descriptors, as a daemon does, has the grace, and is killed after it."""
    child = _Started(_close_all, clean)
    wait([child.process.sentinel])  # until it has closed them
    code = stop_process(
        child.process, grace=LONG if clean else 0.05
    )
    assert code == (5 if clean else -signal.SIGKILL)
    assert child.gone()


def test_types_of_grace() -> None:
    """The grace can be of any numeric type; for others, nothing is sent."""
    for grace in (Decimal(60), Fraction(60), True):
        child = _Started(_sleep)
        code = stop_process(child.process, grace=grace)  # type: ignore[arg-type]
        assert code == -signal.SIGTERM
        assert child.gone()
    child = _Started(_sleep)
    for odd in (None, "5", 10**400):
        with pytest.raises((TypeError, OverflowError)):
            stop_process(child.process, grace=odd)  # type: ignore[arg-type]
    assert child.process.is_alive()
    assert stop_process(child.process) == -signal.SIGTERM
    assert child.gone()


def test_interrupted_during_the_grace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C during the grace kills and joins at once, and raises `KeyboardInterrupt`."""
    child = _Started(_refuse)

    def interrupted(_: float) -> None:
        # Not a real signal: one that comes just before a wait begins
        # would raise after it.
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(time, "sleep", interrupted)
        with pytest.raises(KeyboardInterrupt):
            stop_process(child.process, grace=LONG)
    assert child.process.exitcode == -signal.SIGKILL
    assert child.gone()


def test_interrupted_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second Ctrl-C can leave a process that was killed but not joined."""
    child = _Started(_refuse)
    join = child.process.join

    def interrupted(timeout: Any = None) -> None:
        if timeout != 0:  # the first look, which does not wait
            raise KeyboardInterrupt(timeout)

    child.process.join = interrupted  # type: ignore[method-assign]
    with monkeypatch.context() as patch:
        patch.setattr(time, "sleep", interrupted)
        with pytest.raises(KeyboardInterrupt) as second:
            stop_process(child.process, grace=LONG)
    assert second.value.args == (None,)
    first = second.value.__context__
    assert repr(first) == "KeyboardInterrupt(0.001)"
    join()
    assert child.process.exitcode == -signal.SIGKILL
    assert child.gone()


def _interrupted(line: int) -> bool:
    """Stop a child, with a Ctrl-C on a line; return whether it came."""
    child = _Started(_refuse)
    sent: List[str] = []
    terminate = child.process.terminate
    left = line

    def noted() -> None:
        sent.append("SIGTERM")
        terminate()

    def trace(frame: Any, event: str, _: Any) -> Any:
        nonlocal left
        if frame.f_code is not stop_process.__code__:
            return None
        if event == "line":
            left -= 1
            if left == -1:
                raise KeyboardInterrupt
        return trace

    child.process.terminate = noted  # type: ignore[method-assign]
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        stop_process(child.process, grace=0.01)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(before)
    if sent:
        child.process.join()  # hangs if it was not killed
        assert child.process.exitcode == -signal.SIGKILL
    else:
        stop_process(child.process, grace=0)
    assert child.gone()
    return left < 0


def test_interrupted_on_any_line() -> None:
    """A Ctrl-C on any line after the first signal leaves no process that runs."""
    line = 0
    while _interrupted(line):
        line += 1
    assert line > 8


def test_not_started() -> None:
    """A process that was not started raises AssertionError, and can be started later."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=time.sleep, args=(LONG,))
    with pytest.raises(AssertionError, match="a started process"):
        stop_process(process)
    process.start()
    assert stop_process(process) == -signal.SIGTERM


def test_closed() -> None:
    """A closed process object raises ValueError."""
    child = _Started(_sleep)
    assert stop_process(child.process) == -signal.SIGTERM
    child.process.close()
    with pytest.raises(ValueError, match="closed"):
        stop_process(child.process)
    assert child.gone()


def test_itself() -> None:
    """The current process is not its own child: AssertionError is raised, and it runs on."""
    with pytest.raises(AssertionError, match="a child process"):
        stop_process(multiprocessing.current_process())


def _stop_sibling(ready: Connection, sibling: BaseProcess) -> None:
    try:
        stop_process(sibling)
    except AssertionError as error:
        ready.send(str(error))


def test_no_child_of_mine() -> None:
    """A sibling raises AssertionError, and gets no signal."""
    sibling = _Started(_sleep)
    child = _Started(_stop_sibling, sibling.process)
    assert child.message == "can only join a child process"
    child.process.join()
    assert sibling.process.is_alive()
    assert stop_process(sibling.process) == -signal.SIGTERM
    assert child.gone()
    assert sibling.gone()


def test_from_another_thread() -> None:
    """A thread that did not start the process may stop it."""
    child = _Started(_sleep)
    codes: List[Any] = []
    thread = threading.Thread(
        target=lambda: codes.append(stop_process(child.process))
    )
    thread.start()
    thread.join()
    assert codes == [-signal.SIGTERM]
    assert child.gone()


def test_many_at_once() -> None:
    """Several threads may each stop a process of their own."""
    children = [_Started(_sleep) for _ in range(8)]

    def stop(child: _Started) -> None:
        stop_process(child.process)

    threads = [
        threading.Thread(target=stop, args=(child,))
        for child in children
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(child.gone() for child in children)


def test_exit_status_taken_away() -> None:
    """While SIGCHLD is ignored, the process is stopped too, and None is returned."""
    child = _Started(_sleep)
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert stop_process(child.process, grace=0.05) is None
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert child.gone()
    # multiprocessing still takes it for alive.
    forget: Any = multiprocessing.process
    forget._children.discard(child.process)


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls leave no process, thread or descriptor."""

    def hundred() -> None:
        for turn in range(100):
            child = _Started(_sleep)
            stop_process(child.process, grace=LONG * (turn % 2))
            assert child.gone()
            child.process.close()

    threads = threading.active_count()
    files = len(list(Path("/dev/fd").iterdir()))
    hundred()
    assert threading.active_count() == threads
    assert len(list(Path("/dev/fd").iterdir())) == files
