# SPDX-License-Identifier: 0BSD
"""What `stop_process` promises, one test each."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
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
    """Fail a test that leaves a child."""
    yield
    assert multiprocessing.active_children() == []


def _rest() -> None:
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


def _tidy(ready: Connection) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
    try:
        ready.send(None)
        _rest()
    finally:
        ready.send("tidied")


def _fill_queue(ready: Connection, queue: Any) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(5))
    queue.put(bytes(1_000_000))
    ready.send(None)
    _rest()


def _fork(ready: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    grandchild = os.fork()
    if grandchild:
        ready.send(grandchild)
    time.sleep(LONG)


class _Started:
    """A child that runs `target`, and has come to its `ready.send`."""

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
        self.said = self.pipe.recv()
        pid = self.process.pid
        assert pid is not None
        self.pid = pid

    def gone(self) -> bool:
        """Tell whether it has ended and has been reaped."""
        self.pipe.close()
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False


def _soon(start: float) -> bool:
    return time.monotonic() - start < LONG / 3


def test_terminates() -> None:
    """A process that does not handle SIGTERM is gone at once, with exit code -15."""
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
    """It works with each start method: fork, spawn, forkserver."""
    child = _Started(_sleep, method=method)
    assert (
        stop_process(child.process, grace=LONG) == -signal.SIGTERM
    )
    assert child.gone()


def test_lets_it_tidy_up() -> None:
    """A process that handles SIGTERM runs its `finally` and chooses its exit code."""
    child = _Started(_tidy)
    assert stop_process(child.process, grace=LONG) == 5
    assert child.pipe.recv() == "tidied"
    assert child.gone()


def test_kills_what_refuses() -> None:
    """A process that ignores SIGTERM is killed after the grace, exit code -9."""
    child = _Started(_refuse)
    start = time.monotonic()
    assert stop_process(child.process, grace=0.2) == -signal.SIGKILL
    assert time.monotonic() - start > 0.15
    assert _soon(start)
    assert child.gone()


def test_kills_what_is_stopped() -> None:
    """A process that is suspended cannot act on SIGTERM, and is killed."""
    child = _Started(_tidy)
    os.kill(child.pid, signal.SIGSTOP)
    assert stop_process(child.process, grace=0.1) == -signal.SIGKILL
    assert child.gone()


@pytest.mark.parametrize("grace", [0, 0.0, -1, -LONG])
def test_no_grace(grace: float) -> None:
    """A grace of zero or less kills at once; SIGTERM is not even sent."""
    child = _Started(_tidy)
    assert (
        stop_process(child.process, grace=grace) == -signal.SIGKILL
    )
    with pytest.raises(EOFError):
        child.pipe.recv()
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
    """The grace is given by name, and is five seconds unless said."""
    child = _Started(_sleep)
    waits: List[Any] = []
    join = child.process.join

    def noted(timeout: Any = None) -> None:
        waits.append(timeout)
        join(timeout)

    child.process.join = noted  # type: ignore[method-assign]
    with pytest.raises(TypeError):
        stop_process(child.process, 1)  # type: ignore[call-arg]
    assert stop_process(child.process) == -signal.SIGTERM
    assert waits == [0, 5.0, None]
    assert child.gone()


def test_ended_before() -> None:
    """A process that has ended, joined or not, is left as it is."""
    for joined in (False, True):
        child = _Started(_sleep)
        os.kill(child.pid, signal.SIGKILL)
        if joined:
            child.process.join()
        else:  # ended, but nobody has looked: a zombie
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
    """A process that has ended is joined at once, though a grandchild lives."""
    child = _Started(_fork)
    os.kill(child.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    start = time.monotonic()
    assert (
        stop_process(child.process, grace=LONG) == -signal.SIGKILL
    )
    assert _soon(start)
    os.kill(child.said, signal.SIGKILL)
    assert child.gone()


def test_undrained_queue() -> None:
    """A process that waits at its end for somebody to empty its queue is killed."""
    context = multiprocessing.get_context("fork")
    queue: Any = context.Queue()
    child = _Started(_fill_queue, queue)
    assert stop_process(child.process, grace=0.2) == -signal.SIGKILL
    assert child.gone()
    queue.close()
    queue.join_thread()


def test_grandchild_delays_within_the_grace() -> None:
    """A grandchild made by fork lives on, and can delay the answer by `grace`, not more."""
    child = _Started(_fork)
    start = time.monotonic()
    assert stop_process(child.process, grace=0.2) == -signal.SIGTERM
    assert _soon(start)
    os.kill(child.said, 0)  # raises if it is gone
    os.kill(child.said, signal.SIGKILL)
    assert child.gone()


def test_interrupted_during_the_grace() -> None:
    """Ctrl-C during the grace kills and joins at once; `KeyboardInterrupt` goes on."""
    child = _Started(_refuse)
    join = child.process.join

    def interrupted(timeout: Any = None) -> None:
        # Not a real signal: one that comes just before a wait begins
        # would raise after it.
        if timeout == LONG:
            raise KeyboardInterrupt
        join(timeout)

    child.process.join = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        stop_process(child.process, grace=LONG)
    assert child.process.exitcode == -signal.SIGKILL
    assert child.gone()


def test_interrupted_twice() -> None:
    """A second Ctrl-C leaves a process that has been killed and is only to be joined."""
    child = _Started(_refuse)
    join = child.process.join

    def interrupted(timeout: Any = None) -> None:
        if timeout != 0:  # the first look, which does not wait
            raise KeyboardInterrupt(timeout)

    child.process.join = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt) as second:
        stop_process(child.process, grace=LONG)
    assert second.value.args == (None,)
    assert (
        repr(second.value.__context__)
        == f"KeyboardInterrupt({LONG})"
    )
    join()
    assert child.process.exitcode == -signal.SIGKILL
    assert child.gone()


def test_not_started() -> None:
    """A process that was not started gives AssertionError, and can be started later."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=time.sleep, args=(LONG,))
    with pytest.raises(AssertionError, match="a started process"):
        stop_process(process)
    process.start()
    assert stop_process(process) == -signal.SIGTERM


def test_closed() -> None:
    """A process object that was closed gives ValueError."""
    child = _Started(_sleep)
    assert stop_process(child.process) == -signal.SIGTERM
    child.process.close()
    with pytest.raises(ValueError, match="closed"):
        stop_process(child.process)
    assert child.gone()


def test_itself() -> None:
    """The current process is no child of itself: AssertionError, and it lives."""
    with pytest.raises(AssertionError, match="a child process"):
        stop_process(multiprocessing.current_process())


def _stop_sibling(ready: Connection, sibling: BaseProcess) -> None:
    try:
        stop_process(sibling)
    except AssertionError as error:
        ready.send(str(error))


def test_no_child_of_mine() -> None:
    """A sibling gives AssertionError, and nothing is sent to it."""
    sibling = _Started(_sleep)
    child = _Started(_stop_sibling, sibling.process)
    assert child.said == "can only join a child process"
    child.process.join()
    assert sibling.process.is_alive()
    assert stop_process(sibling.process) == -signal.SIGTERM
    assert child.gone()
    assert sibling.gone()


def test_from_another_thread() -> None:
    """Another thread than the one that started the process may stop it."""
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
    """Where SIGCHLD is ignored the process is stopped all the same, and None is returned."""
    child = _Started(_sleep)
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert stop_process(child.process, grace=0.2) is None
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert child.gone()
    # multiprocessing goes on believing that it lives.
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
