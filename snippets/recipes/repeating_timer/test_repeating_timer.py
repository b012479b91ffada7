# SPDX-License-Identifier: 0BSD
"""What `RepeatingTimer` promises, one test each."""

import asyncio
import contextvars
import gc
import math
import os
import signal
import subprocess
import sys
import threading
import warnings
import weakref
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Event, Semaphore
from time import monotonic
from typing import Any, Callable, Iterator, List

import pytest

import repeating_timer
from repeating_timer import RepeatingTimer

LONG = 3600.0
WAIT = 30.0  # gives a hanging test an end


class _Clock:
    """Time, from zero, that a test moves; the timer looks often."""

    def __init__(self) -> None:
        self.now = 0.0
        self.looks = Semaphore(0)
        self.test = threading.current_thread()

    def __call__(self) -> float:
        now = self.now
        if threading.current_thread() is not self.test:
            self.looks.release()
        return now

    def until(self, *times: float) -> None:
        """Set each time; wait until a call that is due has ended."""
        for now in times:
            self.now = now
            while self.looks.acquire(blocking=False):
                pass
            for _ in range(4):
                assert self.looks.acquire(timeout=WAIT)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    made = _Clock()
    monkeypatch.setattr(repeating_timer, "monotonic", made)
    monkeypatch.setattr(threading, "TIMEOUT_MAX", 0.0005)
    return made


@contextmanager
def _hook(hook: Callable[[Any], object]) -> Iterator[None]:
    before = threading.excepthook  # that of pytest, in a test
    threading.excepthook = hook
    try:
        yield
    finally:
        threading.excepthook = before


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def test_keeps_the_beat(clock: _Clock) -> None:
    """Calls come after one interval, two, three, however long each of them takes."""
    log: List[float] = []

    def job() -> None:
        log.append(clock.now)
        clock.now += 0.25

    with RepeatingTimer(1, job):
        clock.until(0, 0.5, 1, 1.75, 2, 2.5, 3, 3.75)
    assert log == [1, 2, 3]


def test_late_call_does_not_shift_the_next(clock: _Clock) -> None:
    """A call that comes late does not shift the next one."""
    log: List[float] = []
    with RepeatingTimer(2, lambda: log.append(clock.now)):
        clock.until(0, 1, 2.5, 3.75, 4, 7, 7.5, 8)
    assert log == [2.5, 4, 7, 8]


def test_skips_what_passed(clock: _Clock) -> None:
    """Beats that pass during a call are skipped, also the one on which the call ends."""
    log: List[float] = []

    def job() -> None:
        log.append(clock.now)
        clock.now += 2.5 if len(log) < 3 else 1

    with RepeatingTimer(1, job):
        clock.until(0, 1, 3.75, 4, 6.75, 7, 8.5, 9)
    assert log == [1, 4, 7, 9]


def test_never_the_same_beat_twice(clock: _Clock) -> None:
    """However the beats are rounded, none comes twice."""
    start, every = 7.7, 0.1
    beats = [start + n * every for n in range(1, 40)]
    early = [
        n for n in range(39) if (beats[n] - start) // every <= n
    ]
    assert early  # these are rounded down
    log: List[float] = []
    clock.now = start
    with RepeatingTimer(every, lambda: log.append(clock.now)):
        clock.until(start, *beats)
    assert log == beats


def test_not_before() -> None:
    """The first call does not come before the interval is over, in real time."""
    times: List[float] = []
    called = Event()

    def job() -> None:
        times.append(monotonic())
        called.set()

    before = monotonic()
    with RepeatingTimer(0.02, job):
        assert called.wait(WAIT)
    assert times[0] - before >= 0.02


def test_one_thread_never_overlaps() -> None:
    """All calls come in one thread, one after the other, even if each outlasts many intervals."""
    inside: List[int] = []
    most: List[int] = []
    threads = set()
    enough = Event()

    def job() -> None:
        inside.append(1)
        most.append(len(inside))
        threads.add(threading.current_thread())
        enough.wait(0.002)
        inside.pop()
        if len(most) == 5:
            enough.set()

    with RepeatingTimer(1e-9, job) as timer:
        assert enough.wait(WAIT)
    assert set(most) == {1}
    assert threads == {timer.thread}


def test_failure_is_reported(clock: _Clock) -> None:
    """`threading.excepthook` gets an exception with its traceback and thread at once, and the next call comes on its beat."""
    log: List[float] = []
    reports: List[Any] = []

    def job() -> None:
        log.append(clock.now)
        raise ValueError(clock.now)

    with _hook(reports.append), RepeatingTimer(1, job) as timer:
        clock.until(0, 1)
        assert len(reports) == 1
        clock.until(1.75, 2)
    assert log == [1, 2]
    assert [repr(report.exc_value) for report in reports] == [
        "ValueError(1)",
        "ValueError(2)",
    ]
    assert {report.exc_type for report in reports} == {ValueError}
    assert {report.thread for report in reports} == {timer.thread}
    traceback = reports[0].exc_traceback
    while traceback.tb_next:
        traceback = traceback.tb_next
    assert traceback.tb_frame.f_code is job.__code__


@pytest.mark.parametrize(
    "kind", [asyncio.CancelledError, GeneratorExit]
)
def test_not_an_exception(
    clock: _Clock, kind: Callable[[], BaseException]
) -> None:
    """A `CancelledError`, or what else is not an `Exception`, ends its call only, and is reported."""
    reports: List[Any] = []

    def job() -> None:
        raise kind()

    with _hook(reports.append), RepeatingTimer(1, job):
        clock.until(0, 1, 2)
    assert [report.exc_type for report in reports] == [kind, kind]


def test_sys_exit() -> None:
    """`sys.exit()` in the function ends the timer, and is not reported."""
    calls: List[int] = []
    reports: List[Any] = []

    def job() -> None:
        calls.append(1)
        sys.exit("the reason")

    timer = RepeatingTimer(0.001, job)
    with _hook(reports.append):
        timer.start()
        timer.thread.join(WAIT)
    assert timer.stop(0)
    assert calls == [1]
    assert reports == []


def test_hook_that_fails(clock: _Clock) -> None:
    """A `threading.excepthook` that raises, as it does if `sys.stderr` is closed or full, does not end the timer."""
    log: List[float] = []

    def job() -> None:
        log.append(clock.now)
        raise ConnectionError

    def hook(_: object) -> None:
        raise ValueError("I/O operation on closed file.")

    with _hook(hook), RepeatingTimer(1, job):
        clock.until(0, 1, 2)
    assert log == [1, 2]


def test_context_variables(clock: _Clock) -> None:
    """Each call sees the context variables of the code that made the timer; what a call sets ends with that call."""
    user = contextvars.ContextVar("user", default="nobody")
    seen: List[str] = []

    def job() -> None:
        seen.append(user.get())
        user.set("set by the call before")

    user.set("creator")
    with RepeatingTimer(1, job):
        user.set("changed since")
        clock.until(0, 1, 2)
    assert seen == ["creator", "creator"]
    assert user.get() == "changed since"


def test_stop_between_calls(clock: _Clock) -> None:
    """Stopped between two calls, it ends at once, and calls no more."""
    log: List[float] = []
    timer = RepeatingTimer(1, lambda: log.append(clock.now))
    timer.start()
    clock.until(0, 1, 1.5)
    assert timer.stop() is True
    assert not timer.thread.is_alive()
    assert log == [1]


def test_stop_right_after_start() -> None:
    """Stopped right after its start, or before it, it never calls."""
    calls: List[int] = []
    for _ in range(20):
        timer = RepeatingTimer(0.1, lambda: calls.append(1))
        timer.start()
        assert timer.stop() is True
        timer = RepeatingTimer(1e-9, lambda: calls.append(1))
        assert timer.stop() is True
        timer.start()
        assert timer.stop() is True
    assert calls == []


class _Held:
    """A function that waits in each call until it may go on."""

    def __init__(self) -> None:
        self.calls = self.ended = 0
        self.entered, self.go = Event(), Event()

    def __call__(self) -> None:
        self.calls += 1
        self.entered.set()
        assert self.go.wait(WAIT)
        self.ended += 1


def test_stop_waits_for_the_call() -> None:
    """Stopped during a call, it waits until that has ended; no other follows."""
    held = _Held()
    timer = RepeatingTimer(0.001, held)
    timer.start()
    assert held.entered.wait(WAIT)
    release = threading.Timer(0.02, held.go.set)
    release.start()
    assert timer.stop() is True
    assert (held.calls, held.ended) == (1, 1)
    assert not timer.thread.is_alive()
    release.join()


def test_stop_with_a_timeout() -> None:
    """False if the call still runs after the timeout; zero, less and NaN do not wait. The call runs to its end, and is the last."""
    held = _Held()
    timer = RepeatingTimer(0.001, held)
    timer.start()
    assert held.entered.wait(WAIT)
    before = monotonic()
    for timeout in (0, -1, -math.inf, math.nan):
        assert timer.stop(timeout) is False
    assert monotonic() - before < WAIT / 3
    assert timer.stop(0.01) is False
    assert monotonic() - before >= 0.01
    held.go.set()
    assert timer.stop(WAIT) is True
    assert (held.calls, held.ended) == (1, 1)


def test_long_timeouts() -> None:
    """A timeout may be infinite, or longer than a lock can wait."""
    for timeout in (1e20, math.inf):
        timer = RepeatingTimer(LONG, print)
        timer.start()
        assert timer.stop(timeout) is True


def test_stop_in_the_function() -> None:
    """The function may stop its own timer: False at once, and that call is the last."""
    log: List[bool] = []

    def job() -> None:
        log.append(timer.stop())
        log.append(timer.stop(WAIT))

    timer = RepeatingTimer(0.001, job)
    timer.start()
    timer.thread.join(WAIT)
    assert timer.stop() is True
    assert log == [False, False]


def test_stopped_by_many() -> None:
    """Many threads may stop it at once; each waits for the call."""
    held = _Held()
    answers: List[bool] = []
    timer = RepeatingTimer(0.001, held)
    timer.start()
    assert held.entered.wait(WAIT)
    callers = [
        threading.Thread(
            target=lambda: answers.append(timer.stop())
        )
        for _ in range(8)
    ]
    for caller in callers:
        caller.start()
    assert answers == []
    held.go.set()
    for caller in callers:
        caller.join()
    assert answers == [True] * 8
    assert timer.stop() is True


def test_starts_once(clock: _Clock) -> None:
    """Like a thread it starts once; a second start is a RuntimeError, and disturbs nothing."""
    log: List[float] = []
    with RepeatingTimer(1, lambda: log.append(clock.now)) as timer:
        clock.until(0, 1)
        with pytest.raises(RuntimeError, match="once"):
            timer.start()
        clock.until(2)
    assert log == [1, 2]
    with pytest.raises(RuntimeError, match="once"):
        timer.start()


def test_started_by_many() -> None:
    """If many threads start it at once, one does, and the others get RuntimeError; the timer runs on, in one thread."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(10):
            threads = set()
            results: List[str] = []
            called = Event()
            together = threading.Barrier(3)

            def job() -> None:
                threads.add(threading.get_ident())  # noqa: B023
                called.set()  # noqa: B023

            timer = RepeatingTimer(0.005, job)

            def start() -> None:
                together.wait(WAIT)  # noqa: B023
                try:
                    timer.start()  # noqa: B023
                    results.append("started")  # noqa: B023
                except RuntimeError:
                    results.append("refused")  # noqa: B023

            callers = [
                threading.Thread(target=start) for _ in range(3)
            ]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join()
            assert called.wait(WAIT)
            assert timer.stop() is True
            assert sorted(results) == [
                "refused",
                "refused",
                "started",
            ]
            assert threads == {timer.thread.ident}
    finally:
        sys.setswitchinterval(interval)


def test_with_block_raises() -> None:
    """If the block raises, the timer is stopped, the call in progress ends, and the exception propagates."""
    held = _Held()
    release = threading.Timer(0.02, held.go.set)

    def block() -> None:
        with RepeatingTimer(0.001, held):
            assert held.entered.wait(WAIT)
            release.start()
            raise KeyError("in the block")

    with pytest.raises(KeyError):
        block()
    assert (held.calls, held.ended) == (1, 1)
    release.join()


@pytest.mark.skipif(
    sys.platform == "win32", reason="needs pthread_kill"
)
def test_interrupted_while_waiting() -> None:
    """Ctrl-C ends the wait at once; the call runs to its end, and is the last."""
    go = Event()
    main = threading.get_ident()
    calls: List[int] = []
    entered = Event()

    def job() -> None:
        calls.append(1)
        entered.set()
        # Asked again and again: the first may come before the wait.
        while not go.wait(0.02):
            signal.pthread_kill(main, signal.SIGUSR1)

    def handler(*_: object) -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    try:
        with pytest.raises(KeyboardInterrupt):
            with RepeatingTimer(0.001, job) as timer:
                assert entered.wait(WAIT)
                signal.signal(signal.SIGUSR1, handler)
        assert timer.thread.is_alive()
        assert timer.stop(0) is False
        go.set()
        assert timer.stop(WAIT) is True
    finally:
        go.set()
        signal.signal(signal.SIGUSR1, before)
    assert calls == [1]


def _interrupted_at(number: int) -> bool:
    """Raise KeyboardInterrupt at the n-th line of the start of a block."""
    begin = (RepeatingTimer.__enter__, RepeatingTimer.start)
    codes = [function.__code__ for function in begin]
    lines: List[object] = []

    def trace(frame: Any, event: str, _: object) -> Any:
        if frame.f_code not in codes:
            return None
        if event == "line":
            lines.append(frame)
            if len(lines) == number:
                raise KeyboardInterrupt
        return trace

    timer = RepeatingTimer(LONG, print)
    before = sys.gettrace()
    try:
        sys.settrace(trace)
        with timer:
            sys.settrace(before)
            return False
    except KeyboardInterrupt:
        sys.settrace(before)
        if timer.thread.ident is not None:
            timer.thread.join(WAIT)
        assert not timer.thread.is_alive()
        return True
    finally:
        sys.settrace(before)


def test_interrupted_enter() -> None:
    """Ctrl-C at any line of the start of a block leaves no timer that runs."""
    number = 1
    while _interrupted_at(number):
        number += 1
    assert number > 4


def _interrupted_stop(number: int) -> bool:
    """Raise KeyboardInterrupt at the n-th line of leaving the block."""
    lines: List[object] = []

    def trace(frame: Any, event: str, _: object) -> Any:
        if frame.f_code.co_filename != repeating_timer.__file__:
            return None
        if event == "line":
            lines.append(frame)
            if len(lines) == number:
                raise KeyboardInterrupt
        return trace

    timer = RepeatingTimer(LONG, print)
    before = sys.gettrace()
    try:
        with timer:
            sys.settrace(trace)
    except KeyboardInterrupt:
        sys.settrace(before)
        timer.thread.join(WAIT)
        assert not timer.thread.is_alive()
        return True
    finally:
        sys.settrace(before)
    return False


def test_interrupted_stop() -> None:
    """Ctrl-C at any line after the first of the end of a block leaves no timer that runs."""
    number = 3  # the first two are "try:" and the call of `stop`
    while _interrupted_stop(number):
        number += 1
    assert number > 6


@pytest.mark.parametrize("kind", [KeyboardInterrupt, TimeoutError])
def test_interrupted_start(
    monkeypatch: pytest.MonkeyPatch,
    kind: Callable[[], BaseException],
) -> None:
    """Ctrl-C in the start of its thread, or what another signal handler raises there, propagates, and leaves no timer that runs."""
    start = threading.Thread.start

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        raise kind()

    timer = RepeatingTimer(LONG, print)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", interrupted)
        with pytest.raises((KeyboardInterrupt, TimeoutError)):
            timer.start()
    timer.thread.join(WAIT)
    assert not timer.thread.is_alive()


def test_stopped_in_a_signal_handler() -> None:
    """A signal handler may call `stop(0)`, even one that interrupts `stop` in the same thread."""
    held = _Held()
    timer = RepeatingTimer(0.001, held)
    answers: List[bool] = []

    def handler(*_: object) -> None:
        answers.append(timer.stop(0))

    before = signal.signal(signal.SIGINT, handler)
    timer.start()
    assert held.entered.wait(WAIT)

    def trace(frame: Any, *_: object) -> Any:
        if frame.f_code is RepeatingTimer.stop.__code__:
            signal.raise_signal(signal.SIGINT)
        return trace

    tracer = sys.gettrace()
    try:
        sys.settrace(trace)
        assert timer.stop(0.01) is False
    finally:
        sys.settrace(tracer)
        signal.signal(signal.SIGINT, before)
        held.go.set()
    assert timer.stop(WAIT) is True
    assert len(answers) > 3
    assert not any(answers)


def test_no_thread_to_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If no thread can be started, `start` raises, and `stop` returns True."""

    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    timer = RepeatingTimer(LONG, print)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="new thread"):
            timer.start()
    assert timer.stop() is True


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_forked_child() -> None:
    """In a forked child, `stop` returns True at once, also during a call, and the end of the block does not hang."""
    held = _Held()
    with RepeatingTimer(0.001, held) as timer:
        assert held.entered.wait(WAIT)
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # threads and fork, 3.12
            pid = os.fork()
        if pid == 0:
            signal.alarm(int(WAIT))  # ends the child if it hangs
            answer = timer.stop()
            timer.__exit__()
            os._exit(0 if answer else 1)
        held.go.set()
    assert os.waitpid(pid, 0)[1] == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_forked_in_the_function() -> None:
    """If the function forks and returns, it is not called again in the child."""
    parent = os.getpid()
    children: List[int] = []
    called = Event()

    def job() -> None:
        if os.getpid() != parent:
            os._exit(1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            children.append(os.fork())
        if not children[0]:
            signal.alarm(int(WAIT))  # ends the child if it hangs
            return
        timer.stop()
        called.set()

    timer = RepeatingTimer(0.001, job)
    timer.start()
    assert called.wait(WAIT)
    assert timer.stop() is True
    assert os.waitpid(children[0], 0)[1] == 0


FORGOTTEN = """
import sys
from repeating_timer import RepeatingTimer

calls = []

def job():
    print("call", flush=True)
    calls.append(1)
    if len(calls) == 2:
        timer.stop()

timer = RepeatingTimer(float(sys.argv[1]), job)
timer.thread.daemon = "daemon" in sys.argv
timer.start()
"""


@pytest.mark.parametrize(
    ("arguments", "output"),
    [(["0.001"], "call\ncall\n"), (["3600", "daemon"], "")],
    ids=["waits", "daemon"],
)
def test_daemon(arguments: List[str], output: str) -> None:
    """The program does not exit before its timer is stopped, unless `thread.daemon` is set."""
    done = subprocess.run(
        [sys.executable, "-c", FORGOTTEN, *arguments],
        cwd=str(Path(repeating_timer.__file__).parent),
        stdout=subprocess.PIPE,
        timeout=WAIT,
        check=True,
    )
    assert done.stdout.decode().replace("\r\n", "\n") == output


def test_made_in_a_daemon_thread() -> None:
    """A timer that a daemon thread creates is not a daemon: the program waits for it, too."""
    made: List[RepeatingTimer] = []
    thread = threading.Thread(
        target=lambda: made.append(RepeatingTimer(LONG, print)),
        daemon=True,
    )
    thread.start()
    thread.join()
    assert made[0].thread.daemon is False


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt, SystemExit, GeneratorExit]
)
def test_hook_that_exits(
    error: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `threading.excepthook` does not end the timer, whatever it raises, SystemExit included."""
    calls = Semaphore(0)

    def job() -> None:
        calls.release()
        raise ValueError

    def hook(_: object) -> None:
        raise error

    monkeypatch.setattr(threading, "excepthook", hook)
    with RepeatingTimer(0.001, job) as timer:
        for _ in range(3):
            assert calls.acquire(timeout=WAIT)
        assert timer.thread.is_alive()


@pytest.mark.parametrize(
    "interval",
    [0, -1, 9e-10, math.inf, -math.inf, math.nan, 10**400],
    ids=lambda interval: str(interval)[:9],
)
def test_refused_intervals(interval: float) -> None:
    """An interval below a nanosecond, an infinite one, one that is too large for a float, and NaN are a ValueError."""
    with pytest.raises(ValueError, match="interval"):
        RepeatingTimer(interval, print)


def test_interval_of_another_type() -> None:
    """An interval may be any number that `float` takes, such as a Decimal."""
    called = Event()
    with RepeatingTimer(Decimal("0.001"), called.set):  # type: ignore[arg-type]
        assert called.wait(WAIT)


def test_very_long_intervals() -> None:
    """An interval longer than a lock can wait is not an error."""
    for interval in (1e20, 1.7e308):
        with RepeatingTimer(interval, print) as timer:
            assert timer.stop(0) is not None
            assert timer.stop() is True


class _FailureError(Exception):
    pass


def test_keeps_nothing_alive() -> None:
    """A timer that was stopped, its function, and what that raised are freed without the garbage collector."""

    class Job:
        def __init__(self) -> None:
            self.called = Event()

        def __call__(self) -> None:
            self.called.set()
            raise _FailureError

    failures: List["weakref.ref[BaseException]"] = []
    gc.collect()
    gc.disable()
    try:
        job = Job()
        with _hook(
            lambda report: failures.append(weakref.ref(report[1]))
        ):
            with RepeatingTimer(0.001, job) as timer:
                assert job.called.wait(WAIT)
        gone: List[Callable[[], object]] = [
            *failures,
            weakref.ref(timer),
            weakref.ref(job),
        ]
        del timer, job
        assert [ref() for ref in gone] == [None] * len(gone)
        assert len(gone) > 2
    finally:
        gc.enable()


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred timers leave no thread and no descriptor."""
    threads = threading.active_count()
    files = len(list(Path("/dev/fd").iterdir()))
    for _ in range(100):
        with RepeatingTimer(LONG, print):
            pass
    assert threading.active_count() == threads
    assert len(list(Path("/dev/fd").iterdir())) == files
