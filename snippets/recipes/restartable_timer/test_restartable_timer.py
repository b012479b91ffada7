# SPDX-License-Identifier: 0BSD
"""What `RestartableTimer` promises, one test each."""

import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Event, Semaphore
from time import monotonic
from typing import Any, Callable, Iterator, List

import pytest

import restartable_timer
from restartable_timer import RestartableTimer

LONG = 3600.0
WAIT = 30.0  # gives a hanging test an end


class _Clock:
    """Time, from zero, that a test moves; the timer looks often."""

    def __init__(self) -> None:
        self.now = 0.0
        self.looks, self.asked = Semaphore(0), Semaphore(0)
        self.test = threading.current_thread()

    def __call__(self) -> float:
        now = self.now
        if threading.current_thread() is self.test:
            self.asked.release()
        else:
            self.looks.release()
        return now

    def until(self, now: float) -> None:
        """Set the time, and wait until the timer has looked at it."""
        self.now = now
        while self.looks.acquire(blocking=False):
            pass
        for _ in range(2):
            assert self.looks.acquire(timeout=WAIT)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    made = _Clock()
    monkeypatch.setattr(restartable_timer, "monotonic", made)
    monkeypatch.setattr(restartable_timer, "TIMEOUT_MAX", 0.001)
    return made


@contextmanager
def _reports() -> Iterator[List[str]]:
    """Collect what threads report; pytest has a hook of its own."""
    found: List[str] = []

    def hook(args: Any) -> None:
        if args.exc_type is not SystemExit:
            found.append(repr(args.exc_value))

    before, threading.excepthook = threading.excepthook, hook
    try:
        yield found
    finally:
        threading.excepthook = before


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def test_calls_once() -> None:
    """It calls the function once, in a thread, and the thread ends."""
    threads: List[threading.Thread] = []
    timer = RestartableTimer(
        0, lambda: threads.append(threading.current_thread())
    )
    timer.restart()
    assert timer.join(WAIT)
    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()
    assert not threads[0].is_alive()


@pytest.mark.parametrize("delay", [0, -1, -LONG, 0.001])
def test_zero_and_below(delay: float) -> None:
    """A delay of zero or less calls at once."""
    called = Event()
    timer = RestartableTimer(delay, called.set)
    timer.restart()
    assert called.wait(WAIT)
    assert timer.join(WAIT)


def test_not_before() -> None:
    """It does not call before the delay is over, in real time."""
    times: List[float] = []
    timer = RestartableTimer(
        0.02, lambda: times.append(monotonic())
    )
    before = monotonic()
    timer.restart()
    assert timer.join()
    assert times[0] - before >= 0.02


def test_pushed_back(clock: _Clock) -> None:
    """Each restart pushes the call back; only the last one counts."""
    times: List[float] = []
    timer = RestartableTimer(10, lambda: times.append(clock.now))
    timer.restart()
    for now in (6.0, 12.0, 18.0):
        clock.until(now)
        timer.restart()
    clock.until(27.99)
    assert times == []
    clock.now = 28
    assert timer.join()
    assert times == [28]


def test_restart_after_the_call() -> None:
    """It can be restarted after a call, and calls again."""
    calls: List[int] = []
    timer = RestartableTimer(0, lambda: calls.append(1))
    for count in range(1, 4):
        timer.restart()
        assert timer.join(WAIT)
        assert len(calls) == count


def test_one_thread() -> None:
    """A thousand restarts make one thread, not a thousand."""
    before = threading.active_count()
    timer = RestartableTimer(LONG, print)
    assert threading.active_count() == before
    for _ in range(1000):
        timer.restart()
        assert threading.active_count() == before + 1
    assert timer.cancel()
    assert timer.join(WAIT)
    assert threading.active_count() == before


def test_cancel_in_time() -> None:
    """Cancelled in time: True, it never calls, and the thread ends at once."""
    calls: List[int] = []
    timer = RestartableTimer(LONG, lambda: calls.append(1))
    timer.restart()
    assert timer.cancel() is True
    assert timer.join(WAIT)
    assert timer.cancel() is False
    assert calls == []


def test_cancel_before_restart() -> None:
    """Cancelled before it was ever armed: False, and it stays usable."""
    called = Event()
    timer = RestartableTimer(0, called.set)
    assert timer.cancel() is False
    assert timer.join(0)
    assert not called.is_set()
    timer.restart()
    assert timer.join(WAIT)
    assert called.is_set()


def test_cancel_and_restart() -> None:
    """Cancelled and restarted at once, it calls once."""
    calls: List[int] = []
    called = Event()

    def job() -> None:
        calls.append(1)
        called.set()

    timer = RestartableTimer(0.01, job)
    for _ in range(50):
        timer.restart()
        timer.cancel()
    calls.clear()
    timer.restart()
    assert called.wait(WAIT)
    assert timer.join(WAIT)
    assert calls == [1]


class _Held:
    """A function that waits in each call until it may go on."""

    def __init__(self) -> None:
        self.calls = self.most = self.inside = 0
        self.entered, self.go = Semaphore(0), Semaphore(0)

    def __call__(self) -> None:
        self.calls += 1
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.entered.release()
        assert self.go.acquire(timeout=WAIT)
        self.inside -= 1


def test_cancel_during_a_call() -> None:
    """Cancelled during a call: False, and the call goes on to its end."""
    held = _Held()
    timer = RestartableTimer(0, held)
    timer.restart()
    assert held.entered.acquire(timeout=WAIT)
    assert timer.cancel() is False
    assert timer.join(0) is False
    held.go.release()
    assert timer.join(WAIT)
    assert (held.calls, held.inside) == (1, 0)


def test_cancel_races_with_firing() -> None:
    """Cancelled as it fires: True and no call, or False and one call, never else."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(200):
            calls: List[int] = []
            timer = RestartableTimer(0, lambda c=calls: c.append(1))  # type: ignore[misc]
            timer.restart()
            prevented = timer.cancel()
            assert timer.join(WAIT)
            assert len(calls) == (0 if prevented else 1)
    finally:
        sys.setswitchinterval(interval)


def test_restart_during_a_call() -> None:
    """Restarted during a call, it calls once more after that, without overlap."""
    held = _Held()
    timer = RestartableTimer(0, held)
    timer.restart()
    assert held.entered.acquire(timeout=WAIT)
    for _ in range(3):
        timer.restart()
    held.go.release()
    assert held.entered.acquire(timeout=WAIT)
    held.go.release()
    assert timer.join(WAIT)
    assert (held.calls, held.most) == (2, 1)


def test_cancel_what_came_during_a_call() -> None:
    """Restarted during a call and cancelled again: True, and no second call."""
    held = _Held()
    timer = RestartableTimer(0, held)
    timer.restart()
    assert held.entered.acquire(timeout=WAIT)
    timer.restart()
    assert timer.cancel() is True
    held.go.release()
    assert timer.join(WAIT)
    assert held.calls == 1


def test_restart_in_the_function() -> None:
    """The function may restart and cancel its own timer."""
    log: List[object] = []

    def job() -> None:
        timer.restart()
        log.append(timer.cancel())
        if len(log) < 3:
            timer.restart()

    timer = RestartableTimer(0, job)
    timer.restart()
    assert timer.join(WAIT)
    assert log == [True, True, True]


def test_join_in_the_function() -> None:
    """The function that joins its own timer gets a RuntimeError, not a deadlock."""
    errors: List[BaseException] = []

    def job() -> None:
        try:
            timer.join()
        except RuntimeError as error:
            errors.append(error)

    timer = RestartableTimer(0, job)
    timer.restart()
    assert timer.join(WAIT)
    assert len(errors) == 1


def test_exception() -> None:
    """An exception of the function is reported by `threading.excepthook`; the timer stays usable."""

    def job() -> None:
        raise ValueError("mine")

    timer = RestartableTimer(0, job)
    with _reports() as reports:
        for count in range(1, 4):
            timer.restart()
            assert timer.join(WAIT)
            assert reports == ["ValueError('mine')"] * count


@pytest.mark.parametrize("kind", [ValueError, SystemExit])
def test_exception_keeps_what_is_due(
    kind: Callable[[], BaseException],
) -> None:
    """A call that was due when the function raised, or left by SystemExit, still comes."""
    calls: List[int] = []

    def job() -> None:
        calls.append(1)
        if len(calls) == 1:
            timer.restart()
            raise kind()

    timer = RestartableTimer(0, job)
    with _reports() as reports:
        timer.restart()
        assert timer.join(WAIT)
    assert calls == [1, 1]
    assert reports == ["ValueError()"][: kind is ValueError]


def test_exceptions_at_the_end() -> None:
    """A function that raises while the program ends is reported, and what is due still comes."""
    program = (
        "from restartable_timer import RestartableTimer\n"
        "def job():\n"
        "    print('call')\n"
        "    if next(more):\n"
        "        timer.restart()\n"
        "        raise ValueError('reported')\n"
        "more = iter([True, True, False])\n"
        "timer = RestartableTimer(0.01, job)\n"
        "timer.restart()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(restartable_timer.__file__).parent,
        timeout=WAIT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.split() == ["call"] * 3
    assert ended.stderr.count("ValueError: reported") == 2


def test_broken_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    """A `threading.excepthook` that itself raises does not end the timer."""
    calls: List[int] = []

    def job() -> None:
        calls.append(1)
        raise ValueError

    def hook(_: object) -> None:
        raise OSError

    monkeypatch.setattr(threading, "excepthook", hook)
    timer = RestartableTimer(0, job)
    for _ in range(2):
        timer.restart()
        assert timer.join(WAIT)
    assert calls == [1, 1]


def test_join_times_out(clock: _Clock) -> None:
    """`join` with a timeout returns False while the timer is armed; with zero or less it does not wait."""
    timer = RestartableTimer(LONG, print)
    assert timer.join(0) is True
    timer.restart()
    before = monotonic()
    for limit in (0, -1, -LONG):
        assert timer.join(limit) is False
    assert monotonic() - before < 1
    assert timer.join(0.01) is False
    timer.cancel()
    clock.now = 0.5
    assert timer.join(WAIT) is True


def test_join_waits() -> None:
    """`join` with a timeout waits for a call in progress, and returns True when it is done."""
    done = Event()

    def job() -> None:
        done.wait(0.02)  # meanwhile, the test is in `join`
        done.set()

    timer = RestartableTimer(0, job)
    timer.restart()
    assert timer.join(WAIT) is True
    assert done.is_set()


def test_join_budget() -> None:
    """The timeout of `join` is for the whole wait, though one call follows another."""

    def job() -> None:
        timer.restart()

    with RestartableTimer(0, job) as timer:
        timer.restart()
        begun = monotonic()
        assert timer.join(0.05) is False
        assert monotonic() - begun < WAIT / 3


@pytest.mark.skipif(
    sys.platform == "win32", reason="needs pthread_kill"
)
def test_join_after_ctrl_c() -> None:
    """After a Ctrl-C in `join`, the next `join` waits for the call in progress all the same."""
    held = _Held()
    main = threading.get_ident()
    caught = Event()

    def handler(*_: object) -> None:
        caught.set()
        raise KeyboardInterrupt

    def interrupt() -> None:
        # Again and again: the first may come before the wait.
        while not caught.wait(0.02):
            signal.pthread_kill(main, signal.SIGUSR1)

    timer = RestartableTimer(0, held)
    timer.restart()
    assert held.entered.acquire(timeout=WAIT)
    before = signal.signal(signal.SIGUSR1, handler)
    thread = threading.Thread(target=interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            thread.start()
            timer.join(WAIT)
    finally:
        thread.join()
        signal.signal(signal.SIGUSR1, before)
    assert timer.join(0.01) is False
    held.go.release()
    assert timer.join(WAIT) is True


def test_with_block() -> None:
    """Leaving the `with` block cancels, and waits for the call in progress."""
    calls: List[int] = []
    with RestartableTimer(LONG, lambda: calls.append(1)) as timer:
        timer.restart()
    assert calls == []
    assert timer.join(0)
    ended = Event()
    begun = Event()

    def job() -> None:
        begun.set()
        ended.wait(0.02)
        ended.set()

    with RestartableTimer(0, job) as timer:
        timer.restart()
        assert begun.wait(WAIT)
    assert ended.is_set()
    assert timer.join(0)


def test_with_block_ends_a_repeating_timer() -> None:
    """Leaving the `with` block ends a timer whose function restarts it; a later restart does nothing."""
    calls: List[int] = []
    often = Event()

    def job() -> None:
        calls.append(1)
        if len(calls) >= 3:
            often.set()
        timer.restart()

    timer = RestartableTimer(0, job)
    with timer:
        timer.restart()
        assert often.wait(WAIT)
    count = len(calls)
    timer.restart()
    assert timer.join(0)
    assert timer.cancel() is False
    assert len(calls) == count


def test_with_block_that_fails() -> None:
    """A failure in the `with` block cancels the timer and propagates."""
    calls: List[int] = []

    def block() -> None:
        with RestartableTimer(
            LONG, lambda: calls.append(1)
        ) as timer:
            timer.restart()
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        block()
    assert calls == []


@pytest.mark.parametrize("daemon", [False, True])
def test_daemon(daemon: bool) -> None:
    """The program waits for an armed timer, unless `daemon` is set."""
    before = set(threading.enumerate())
    timer = RestartableTimer(LONG, print)
    assert timer.daemon is False
    timer.daemon = daemon
    timer.restart()
    (thread,) = set(threading.enumerate()) - before
    assert thread.daemon is daemon
    timer.cancel()
    assert timer.join(WAIT)


def test_very_long_delays() -> None:
    """A delay longer than a lock can wait is no error; an infinite one never calls."""
    for delay, armed in ((1e20, True), (float("inf"), False)):
        with RestartableTimer(delay, print) as timer:
            timer.restart()
            assert timer.cancel() is armed
            assert timer.join(WAIT)


def test_nan() -> None:
    """A delay that is NaN is a ValueError."""
    with pytest.raises(ValueError, match="NaN"):
        RestartableTimer(float("nan"), print)


def test_other_numbers() -> None:
    """A delay may be any number that `float` takes, such as a Decimal; anything else is a TypeError."""
    calls: List[int] = []
    number: Any = Decimal("0.001")
    timer = RestartableTimer(number, lambda: calls.append(1))
    timer.restart()
    assert timer.join(WAIT)
    assert calls == [1]
    for wrong in (None, "soon"):
        delay: Any = wrong
        with pytest.raises(TypeError):
            RestartableTimer(delay, print)


def test_join_with_a_very_long_timeout() -> None:
    """`join` takes a timeout longer than a lock can wait, and infinity."""
    for limit in (1e20, float("inf")):
        timer = RestartableTimer(0, int)
        timer.restart()
        assert timer.join(limit)


def _interrupt(call: Callable[[], object], number: int) -> bool:
    """Raise KeyboardInterrupt as `call` enters its n-th function."""
    entered: List[object] = []

    def trace(frame: Any, *_: object) -> None:
        entered.append(frame)
        if len(entered) == number:
            raise KeyboardInterrupt

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


@pytest.mark.parametrize("method", ["cancel", "restart"])
def test_interrupted(method: str) -> None:
    """Ctrl-C in `restart` or `cancel` of an armed timer leaves it usable."""
    number = 1
    interrupted = True
    while interrupted:
        number += 1  # the first is the method itself
        called = Event()
        timer = RestartableTimer(LONG, called.set)
        timer.restart()
        interrupted = _interrupt(getattr(timer, method), number)
        timer._delay = 0
        timer.cancel()
        assert timer.join(WAIT)
        timer.restart()
        assert called.wait(WAIT)
        assert timer.join(WAIT)


def test_interrupted_as_the_thread_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a Ctrl-C in `restart` as its thread starts, the next `restart` works, and calls do not overlap."""
    original = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        original(thread)
        raise KeyboardInterrupt

    held = _Held()
    timer = RestartableTimer(0, held)
    with timer._lock:  # the first thread does not run yet
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", start)
            with pytest.raises(KeyboardInterrupt):
                timer.restart()
        timer.restart()
    assert held.entered.acquire(timeout=WAIT)
    timer.restart()
    overlaps = held.entered.acquire(timeout=0.05)
    for _ in range(3):
        held.go.release()
    assert timer.join(WAIT)
    assert not overlaps
    assert held.most == 1


def test_joined_in_the_middle_of_a_restart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A `join` in another thread that comes in the middle of a `restart` keeps to its timeout."""
    original, joined, seen = threading.Event, Event(), []
    restart = RestartableTimer.restart.__code__

    def join() -> None:
        timer.join(0)
        joined.set()

    def event() -> Event:
        if sys._getframe(1).f_code is restart:
            threading.Thread(target=join).start()
            seen.append(joined.wait(WAIT))
        return original()

    timer = RestartableTimer(60, print)
    monkeypatch.setattr(threading, "Event", event)
    timer.restart()
    assert seen == [True]
    timer.cancel()
    assert timer.join(WAIT)


def test_no_thread_to_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If no thread can be started, `restart` raises and nothing is due."""

    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    called = Event()
    timer = RestartableTimer(0, called.set)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError):
            timer.restart()
    assert timer.cancel() is False
    assert timer.join(0)
    timer.restart()
    assert timer.join(WAIT)
    assert called.is_set()


def test_many_threads() -> None:
    """Eight threads that restart and cancel at once: calls never overlap, counts add up."""
    held = _Held()
    held.go = Semaphore(100_000)
    prevented: List[int] = []
    timer = RestartableTimer(0, held)

    def user() -> None:
        for _ in range(50):
            timer.restart()
            prevented.append(timer.cancel())

    users = [threading.Thread(target=user) for _ in range(8)]
    for one in users:
        one.start()
    for one in users:
        one.join()
    assert timer.join(WAIT)
    assert held.most <= 1
    assert held.calls + sum(prevented) <= 400


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred timers, called and cancelled, leave no thread and no descriptor."""
    threads = threading.active_count()
    files = len(list(Path("/dev/fd").iterdir()))
    for _ in range(100):
        with RestartableTimer(LONG, print) as timer:
            timer.restart()
        timer = RestartableTimer(0, int)
        timer.restart()
        assert timer.join(WAIT)
    assert threading.active_count() == threads
    assert len(list(Path("/dev/fd").iterdir())) == files
