# SPDX-License-Identifier: 0BSD
"""What `shutdown_now` promises, one test each."""

import multiprocessing
import os
import sys
import threading
from concurrent.futures import (
    CancelledError,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
    wait,
)
from typing import Any, Iterator, List

import pytest

from shutdown_now import shutdown_now

LONG = 60.0  # seconds; reached only when a promise is broken


class _Busy:
    """A pool whose workers are busy until `go` is set, and its queue."""

    def __init__(self, workers: int = 1, queued: int = 3) -> None:
        self.pool = ThreadPoolExecutor(workers)
        self.go = threading.Event()
        self.begun = threading.Barrier(workers + 1)
        self.ran: List[int] = []
        self.running: "List[Future[Any]]" = [
            self.pool.submit(self.work) for _ in range(workers)
        ]
        self.begun.wait(LONG)
        self.queued: "List[Future[Any]]" = [
            self.pool.submit(self.ran.append, number)
            for number in range(queued)
        ]
        self.all = self.running + self.queued

    def work(self) -> str:
        self.begun.wait(LONG)
        assert self.go.wait(LONG)
        return "finished"

    def end(self) -> None:
        self.go.set()
        self.pool.shutdown()


@pytest.fixture(name="busy")
def _busy() -> Iterator[_Busy]:
    busy = _Busy()
    yield busy
    busy.end()


def test_cancels_what_is_queued(busy: _Busy) -> None:
    """Queued calls are cancelled and never run."""
    shutdown_now(busy.pool, busy.all)
    assert all(one.cancelled() for one in busy.queued)
    for one in busy.queued:
        with pytest.raises(CancelledError):
            one.result(0)
    busy.end()
    assert busy.ran == []


def test_returns_what_runs() -> None:
    """Returns at once what is running, in the order given; these finish."""
    busy = _Busy(workers=3)
    answer = shutdown_now(busy.pool, reversed(busy.all))
    assert answer == busy.running[::-1]
    assert not any(one.done() for one in answer)
    busy.end()
    assert [one.result(0) for one in answer] == ["finished"] * 3


def test_wait_ends(busy: _Busy) -> None:
    """`wait` and `as_completed` end, and count the cancelled calls as done."""
    for one in shutdown_now(busy.pool, busy.all):
        assert one is busy.running[0]
        busy.go.set()
    done, not_done = wait(busy.all, timeout=LONG)
    assert not_done == set()
    assert len(done) == 4
    assert len(list(as_completed(busy.all, timeout=LONG))) == 4


def test_refuses_new_calls(busy: _Busy) -> None:
    """The pool accepts nothing afterwards: `submit` raises RuntimeError."""
    shutdown_now(busy.pool, busy.all)
    with pytest.raises(RuntimeError, match="after shutdown"):
        busy.pool.submit(print)


def test_what_is_done_is_left_alone() -> None:
    """Futures that are done or cancelled already are left as they are, and not returned."""

    def fail() -> None:
        raise ValueError("broken")

    pool = ThreadPoolExecutor(1)
    value, error = pool.submit(int, "42"), pool.submit(fail)
    cancelled: "Future[Any]" = Future()
    cancelled.cancel()
    calls: "List[Future[Any]]" = [value, error, cancelled]
    wait(calls[:2])
    assert shutdown_now(pool, calls) == []
    assert cancelled.cancelled()
    assert value.result() == 42
    assert isinstance(error.exception(), ValueError)
    pool.shutdown()


def test_nothing_given(busy: _Busy) -> None:
    """Calls whose futures are not given still run; the pool is shut down nevertheless."""
    assert shutdown_now(busy.pool, []) == []
    with pytest.raises(RuntimeError, match="after shutdown"):
        busy.pool.submit(print)
    busy.end()
    assert busy.ran == [0, 1, 2]


def test_unused_pool() -> None:
    """A pool that never had a call is shut down."""
    pool = ThreadPoolExecutor(1)
    assert shutdown_now(pool, []) == []
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(print)


def test_generator() -> None:
    """Any iterable will do, even one that submits the calls while it is read."""
    pool = ThreadPoolExecutor(1)
    go = threading.Event()
    calls = (pool.submit(go.wait, LONG) for _ in range(3))
    running = shutdown_now(pool, calls)
    go.set()
    pool.shutdown()
    # The worker may not have begun the first one in time.
    assert [one.result(0) for one in running] in ([], [True])


def test_again(busy: _Busy) -> None:
    """A second call returns what is still running, and nothing when that has ended."""
    assert shutdown_now(busy.pool, busy.all) == busy.running
    assert shutdown_now(busy.pool, busy.all) == busy.running
    busy.end()
    assert shutdown_now(busy.pool, busy.all) == []
    assert busy.ran == []


def test_after_shutdown(busy: _Busy) -> None:
    """It also cancels the queue of a pool that was shut down before."""
    busy.pool.shutdown(wait=False)
    assert shutdown_now(busy.pool, busy.all) == busy.running
    busy.end()
    assert busy.ran == []


def test_many_threads_at_once() -> None:
    """Many threads may call it at once, and all get the same answer."""
    busy = _Busy(queued=50)
    start = threading.Barrier(8)
    with ThreadPoolExecutor(8) as callers:

        def call() -> "List[Future[Any]]":
            start.wait(LONG)
            return shutdown_now(busy.pool, busy.all)

        calls = [callers.submit(call) for _ in range(8)]
        assert all(one.result() == busy.running for one in calls)
    busy.end()
    assert busy.ran == []


def test_called_from_a_job() -> None:
    """A job may call it; its own future is among those returned."""
    futures: "List[Future[Any]]" = []
    ready = threading.Event()

    def job() -> "List[Future[Any]]":
        ready.wait(LONG)
        return shutdown_now(pool, futures)

    with ThreadPoolExecutor(1) as pool:
        futures += [pool.submit(job) for _ in range(3)]
        ready.set()
        assert futures[0].result(LONG) == futures[:1]
        assert [one.cancelled() for one in futures] == [
            False,
            True,
            True,
        ]


def test_done_callbacks(busy: _Busy) -> None:
    """The callbacks of a cancelled call are called once, in this thread; one that raises does not stop the others."""
    log: List[int] = []

    def note(_: "Future[Any]") -> None:
        log.append(threading.get_ident())
        raise ValueError("logged by concurrent.futures")

    for one in busy.queued:
        one.add_done_callback(note)
    assert shutdown_now(busy.pool, busy.all) == busy.running
    assert log == [threading.get_ident()] * 3
    busy.end()
    assert len(log) == 3


def test_interrupted_with_block() -> None:
    """Called on Ctrl-C in a `with` block, the block waits for running calls, not for the queue."""
    busy = _Busy()
    timer = threading.Timer(0.01, busy.go.set)

    def block() -> None:
        with busy.pool:
            try:
                raise KeyboardInterrupt
            except KeyboardInterrupt:
                shutdown_now(busy.pool, busy.all)
                timer.start()
                raise

    with pytest.raises(KeyboardInterrupt):
        block()
    timer.join()
    assert busy.running[0].result(0) == "finished"
    assert busy.ran == []


def test_interrupted_itself(busy: _Busy) -> None:
    """If an exception interrupts the call, a second call does the rest."""

    class Interrupted(Future):  # type: ignore[type-arg]
        def cancel(self) -> bool:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shutdown_now(
            busy.pool, [busy.queued[0], Interrupted(), *busy.all]
        )
    assert [one.cancelled() for one in busy.queued] == [
        True,
        False,
        False,
    ]
    assert shutdown_now(busy.pool, busy.all) == busy.running
    assert all(one.cancelled() for one in busy.queued)


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred pools leave no thread and no descriptor."""
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    for _ in range(100):
        busy = _Busy()
        shutdown_now(busy.pool, busy.all)
        busy.go.set()
        wait(busy.all, timeout=LONG)
        busy.pool.shutdown()
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files


_events: List[Any] = []  # in the process of a pool


def _take(*events: Any) -> None:
    _events.extend(events)


def _job() -> str:
    begun, go = _events
    begun.set()
    assert go.wait(LONG)
    return "finished"


@pytest.mark.skipif(sys.version_info < (3, 9), reason="bpo-39104")
def test_process_pool() -> None:
    """A process pool finishes the calls that run and those that it keeps ready, and a later `shutdown(wait=True)` does not wait for them; the rest is cancelled, and `wait` ends."""
    # Where it exists, fork: a new interpreter would import pytest.
    methods = multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context(
        "fork" if "fork" in methods else "spawn"
    )
    begun, go = context.Event(), context.Event()
    pool = ProcessPoolExecutor(
        1, context, initializer=_take, initargs=(begun, go)
    )
    calls = [pool.submit(_job) for _ in range(8)]
    assert begun.wait(LONG)
    running = shutdown_now(pool, calls)
    assert 1 <= len(running) <= 3
    pool.shutdown(wait=True)
    assert not running[0].done()
    go.set()
    not_done = wait(calls, timeout=LONG).not_done
    assert not_done == set()
    assert {one.result(0) for one in running} == {"finished"}
    assert sum(one.cancelled() for one in calls) == 8 - len(running)
    with pytest.raises(RuntimeError, match="after shutdown"):
        pool.submit(_job)
    for process in multiprocessing.active_children():
        process.join()
    for thread in set(threading.enumerate()):
        if thread is not threading.current_thread():
            thread.join(LONG)
