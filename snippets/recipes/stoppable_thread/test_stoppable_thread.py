# SPDX-License-Identifier: 0BSD
"""What `StoppableThread` promises, one test each."""

import contextlib
import gc
import math
import os
import signal
import sys
import threading
import time
import warnings
from typing import Any, List

import pytest

from stoppable_thread import StoppableThread

LONG = 60.0  # seconds; reached only when a promise is broken


def _wait(stopping: threading.Event) -> None:
    assert stopping.wait(LONG)


def _quiet(monkeypatch: pytest.MonkeyPatch) -> List[Any]:
    """Collect what is reported, instead of printing it."""
    reports: List[Any] = []
    monkeypatch.setattr(
        threading,
        "excepthook",
        lambda args: reports.append(args[:2]),
    )
    return reports


def test_stops() -> None:
    """The target is given an event; `stop()` sets it, and the thread ends."""
    thread = StoppableThread(_wait)
    thread.start()
    assert not thread.stopping.is_set()
    assert thread.stop_and_join(LONG) is True
    assert thread.stopping.is_set()
    assert not thread.is_alive()
    assert thread.exception is None


def test_true_means_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """True means that the thread itself has ended, after its failure was reported."""
    go = threading.Event()
    monkeypatch.setattr(
        threading, "excepthook", lambda _: go.wait(LONG)
    )

    def target(_: threading.Event) -> None:
        raise ValueError

    thread = StoppableThread(target)
    thread.start()
    while thread.exception is None:
        time.sleep(0.001)
    timer = threading.Timer(0.05, go.set)
    timer.start()
    assert thread.stop_and_join() is True
    assert go.is_set()
    assert not thread.is_alive()
    timer.join()


def test_stop_does_not_wait() -> None:
    """`stop()` returns at once, while the target is still cleaning up."""
    go = threading.Event()
    cleaned: List[bool] = []

    def target(stopping: threading.Event) -> None:
        assert stopping.wait(LONG)
        cleaned.append(go.wait(LONG))

    thread = StoppableThread(target)
    thread.start()
    thread.stop()
    assert thread.is_alive()
    go.set()
    thread.join()
    assert cleaned == [True]


def test_waits_for_cleanup() -> None:
    """`stop_and_join()` returns only after the target has cleaned up."""
    cleaned: List[str] = []

    def target(stopping: threading.Event) -> None:
        try:
            _wait(stopping)
        finally:
            time.sleep(0.05)  # more likely to fail if nobody waits
            cleaned.append("clean")

    thread = StoppableThread(target)
    thread.start()
    assert thread.stop_and_join() is True
    assert cleaned == ["clean"]


def test_refuses() -> None:
    """False if the thread is still running after the timeout; zero and less do not wait."""
    go = threading.Event()
    thread = StoppableThread(lambda _: go.wait(LONG))
    thread.start()
    begun = time.monotonic()
    for timeout in (0.01, 0, -1) * 10:
        assert thread.stop_and_join(timeout) is False
    assert time.monotonic() - begun < LONG / 3
    assert thread.is_alive()
    go.set()
    assert thread.stop_and_join() is True


def test_stopped_before_start() -> None:
    """A thread stopped before it begins starts, and never calls its target."""
    called: List[bool] = []
    thread = StoppableThread(lambda _: called.append(True))
    thread.stop()
    thread.start()
    assert thread.stop_and_join(LONG) is True
    assert called == []
    assert thread.exception is None


def test_join_before_start() -> None:
    """Waiting for a thread that was not started raises RuntimeError; the event is set nevertheless."""
    called: List[bool] = []
    thread = StoppableThread(lambda _: called.append(True))
    with pytest.raises(RuntimeError, match="before it is started"):
        thread.stop_and_join()
    thread.start()
    thread.join()
    assert called == []


def test_stop_from_itself() -> None:
    """The target may stop its own thread; waiting for it there raises RuntimeError."""
    errors: List[str] = []
    box: List[StoppableThread] = []

    def target(stopping: threading.Event) -> None:
        box[0].stop()
        assert stopping.is_set()
        try:
            box[0].stop_and_join()
        except RuntimeError as error:
            errors.append(str(error))

    box.append(StoppableThread(target))
    box[0].start()
    box[0].join()
    assert errors == ["cannot join current thread"]


def test_exception_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the target raises is kept in `exception`, reported once, and not raised by any call."""
    reports = _quiet(monkeypatch)
    error = ValueError("broken")

    def target(_: threading.Event) -> None:
        raise error

    with StoppableThread(target) as thread:
        thread.join()
        assert thread.exception is error
        assert thread.stop_and_join() is True
    assert thread.exception is error
    assert reports == [(ValueError, error)]


def test_exception_in_cleanup(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An exception of the cleanup after `stop()` is kept and reported too."""
    reports = _quiet(monkeypatch)

    def target(stopping: threading.Event) -> None:
        try:
            _wait(stopping)
        finally:
            raise OSError("cleanup")

    thread = StoppableThread(target)
    thread.start()
    assert thread.exception is None
    assert thread.stop_and_join() is True
    assert isinstance(thread.exception, OSError)
    assert [kind for kind, _ in reports] == [OSError]


def test_sys_exit(monkeypatch: pytest.MonkeyPatch) -> None:
    """`sys.exit()` in the target ends its thread only; `exception` has the reason."""
    _quiet(monkeypatch)

    def target(_: threading.Event) -> None:
        sys.exit("the reason")

    thread = StoppableThread(target)
    thread.start()
    thread.join()
    assert isinstance(thread.exception, SystemExit)
    assert thread.exception.code == "the reason"


def test_target_returns_alone() -> None:
    """A target that returns by itself ends the thread; `stop()` then changes nothing."""
    thread = StoppableThread(lambda _: None)
    thread.start()
    thread.join()
    assert not thread.stopping.is_set()
    assert thread.stop_and_join(0) is True


def test_with_block() -> None:
    """A `with` block starts the thread; its end stops the thread and waits for it."""
    ended: List[bool] = []

    def target(stopping: threading.Event) -> None:
        ended.append(stopping.wait(LONG))

    with StoppableThread(target) as thread:
        assert thread.is_alive()
        assert ended == []
    assert ended == [True]
    assert not thread.is_alive()


def test_with_block_raises() -> None:
    """If the block raises, the thread is stopped too, and the block's exception propagates."""
    error = KeyError("in the block")
    thread = StoppableThread(_wait)
    with pytest.raises(KeyError) as caught, thread:
        raise error
    assert caught.value is error
    assert not thread.is_alive()
    assert thread.exception is None


def test_both_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """If block and target both fail, the block's exception propagates, the target's is reported."""
    reports = _quiet(monkeypatch)

    def target(stopping: threading.Event) -> None:
        _wait(stopping)
        raise OSError("target")

    thread = StoppableThread(target)
    with pytest.raises(KeyError), thread:
        raise KeyError("in the block")
    assert isinstance(thread.exception, OSError)
    assert [kind for kind, _ in reports] == [OSError]


@pytest.mark.skipif(
    sys.platform == "win32", reason="needs pthread_kill"
)
def test_interrupted_while_waiting() -> None:
    """Ctrl-C during the wait propagates at once; the event is set, and the thread ends later by itself."""
    go = threading.Event()
    main = threading.get_ident()

    def target(stopping: threading.Event) -> None:
        assert stopping.wait(LONG)
        # Asked again and again: the first may come before the wait.
        while not go.wait(0.05):
            signal.pthread_kill(main, signal.SIGUSR1)

    def handler(*_: object) -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        raise KeyboardInterrupt

    thread = StoppableThread(target)
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with pytest.raises(KeyboardInterrupt), thread:
            pass
        assert thread.is_alive()
        assert thread.stop_and_join(0) is False
        go.set()
        assert thread.stop_and_join(LONG) is True
    finally:
        go.set()
        thread.join()
        signal.signal(signal.SIGUSR1, before)


def test_subclass_with_its_own_run() -> None:
    """A subclass may override `run`, as with `threading.Thread`: waiting and the `with` block work, the timeout too."""

    class Worker(StoppableThread):
        def __init__(self, go: threading.Event) -> None:
            super().__init__(lambda _: None)
            self.go = go

        def run(self) -> None:
            self.stopping.wait()
            super().run()
            self.go.wait(LONG)

    go = threading.Event()
    worker = Worker(go)
    worker.start()
    for timeout in (0.01, 0, -1):
        assert worker.stop_and_join(timeout) is False
    go.set()
    assert worker.stop_and_join(LONG) is True
    worker = Worker(go)
    with worker:
        assert worker.is_alive()
    assert not worker.is_alive()


def test_run_is_replaced() -> None:
    """`run` may be replaced in one thread, as a mock does: waiting returns when the thread has ended."""
    thread = StoppableThread(lambda _: None)
    run: Any = lambda: thread.stopping.wait(LONG)  # noqa: E731
    vars(thread)["run"] = run
    thread.start()
    assert thread.stop_and_join(5) is True
    assert not thread.is_alive()


def _fork() -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # threads and fork, 3.12
        pid = os.fork()
    if pid == 0:
        signal.alarm(5)  # ends the child if it hangs
    return pid


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_forked_child() -> None:
    """In a forked child the thread has ended: waiting for it returns True, and leaving the block does not hang, even if the thread held the lock of its event."""
    with StoppableThread(_wait) as thread:
        lock: Any = vars(thread.stopping)["_cond"]
        for held in (contextlib.nullcontext(), lock):
            with held:
                pid = _fork()
                if pid == 0:
                    answer = thread.stop_and_join()
                    thread.__exit__(None, None, None)
                    os._exit(0 if answer else 1)
            assert os.waitpid(pid, 0)[1] == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_forked_before_start() -> None:
    """A thread that was created before a fork, and not started, can be stopped in the child, before or after its start there."""
    for started in (False, True):
        thread = StoppableThread(_wait)
        pid = _fork()
        if pid == 0:
            # Python 3.13.0 cannot start it (RuntimeError).
            with contextlib.suppress(RuntimeError):
                if started:
                    thread.start()
            thread.stop()
            os._exit(0 if thread.stopping.is_set() else 1)
        assert os.waitpid(pid, 0)[1] == 0


def test_infinity() -> None:
    """`math.inf`, or more than a thread can wait, as a timeout means no limit."""
    for limit in (math.inf, threading.TIMEOUT_MAX * 2, 1e300):
        go = threading.Event()
        thread = StoppableThread(lambda _: go.wait(LONG))  # noqa: B023
        thread.start()
        timer = threading.Timer(0.01, go.set)
        timer.start()
        assert thread.stop_and_join(limit) is True
        assert thread.stop_and_join(limit) is True
        timer.join()


def test_ended_before_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that a trace function ended as `run` began has ended: waiting for it returns True."""
    _quiet(monkeypatch)

    def trace(frame: Any, *_: object) -> None:
        if frame.f_code is StoppableThread.run.__code__:
            raise ValueError

    thread = StoppableThread(_wait)
    threading.settrace(trace)
    try:
        thread.start()
        thread.join()
    finally:
        before: Any = sys.gettrace()
        threading.settrace(before)
    assert thread.stop_and_join(1)


def test_stopped_by_many() -> None:
    """Many threads may stop it and wait for it at once."""
    go = threading.Event()
    answers: List[bool] = []
    thread = StoppableThread(lambda _: go.wait(LONG))
    thread.start()
    callers = [
        threading.Thread(
            target=lambda: answers.append(
                thread.stop_and_join(LONG)
            )
        )
        for _ in range(8)
    ]
    for caller in callers:
        caller.start()
    go.set()
    for caller in callers:
        caller.join()
    assert answers == [True] * 8


def test_starts_once() -> None:
    """Like any thread it starts once; a second start is a RuntimeError."""
    with StoppableThread(_wait) as thread:
        with pytest.raises(RuntimeError, match="once"):
            thread.start()
        assert thread.is_alive()
    with pytest.raises(RuntimeError, match="once"):
        thread.start()


def test_is_a_thread() -> None:
    """It is a `threading.Thread`: `name` and `daemon` are passed on, and it is enumerated."""
    with StoppableThread(
        _wait, name="reader", daemon=True
    ) as thread:
        assert thread in threading.enumerate()
        assert thread.name == "reader"
        assert thread.daemon is True
    assert StoppableThread(target=_wait).daemon is False
    assert StoppableThread(_wait, name=None).name.startswith(
        "Thread-"
    )


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred threads leave no thread, descriptor or object behind."""
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    for _ in range(100):
        with StoppableThread(_wait):
            pass
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
    gc.collect()
    kinds = [type(one) for one in gc.get_objects()]
    assert StoppableThread not in kinds
