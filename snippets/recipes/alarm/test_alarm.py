# SPDX-License-Identifier: 0BSD
"""What `alarm` promises, one test each."""

import contextlib
import gc
import math
import os
import random
import signal
import sys
import threading
import time
import weakref
from typing import Any, Callable, Iterator, List

import pytest

from alarm import alarm

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGALRM"), reason="needs POSIX"
)


def _left() -> float:
    return signal.getitimer(signal.ITIMER_REAL)[0]


@pytest.fixture(autouse=True)
def _no_trace() -> Any:
    """Check that timer and handler are as before."""
    handler = signal.getsignal(signal.SIGALRM)
    gc.collect()
    gc.disable()  # a finalizer of others could lose the alarm
    yield
    gc.enable()
    timer = signal.getitimer(signal.ITIMER_REAL)
    now = signal.getsignal(signal.SIGALRM)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, handler)
    assert timer == (0, 0)
    assert now == handler


def _spin() -> None:
    number = 0
    while True:
        number += 1
        number -= 1


def _lock() -> None:
    lock = threading.Lock()
    with lock:
        lock.acquire()


def _read() -> None:
    reader, writer = os.pipe()
    try:
        os.read(reader, 1)
    finally:
        os.close(reader)
        os.close(writer)


def _sleep() -> None:
    time.sleep(600)


@pytest.mark.parametrize("work", [_spin, _lock, _read, _sleep])
def test_stops(work: Callable[[], None]) -> None:
    """A loop, an event, a lock, a read, a sleep: all are stopped, and TimeoutError is raised."""
    with pytest.raises(
        TimeoutError, match=r"longer than 0\.02 seconds"
    ):
        with alarm(0.02):
            work()


def test_in_time() -> None:
    """A block that ends in time is not stopped; the alarm ends with it."""
    with alarm(60):
        assert 0 < _left() <= 60
    assert _left() == 0


def test_except_exception() -> None:
    """`except Exception` in the block does not catch it; `finally` runs."""
    log: List[str] = []
    with pytest.raises(TimeoutError):
        with alarm(0.02):
            try:
                _sleep()
            except Exception:  # noqa: BLE001
                log.append("eaten")
            finally:
                log.append("finally")
    assert log == ["finally"]


def test_swallowed() -> None:
    """A bare `except` swallows it: the block continues, there is no second one and no TimeoutError."""
    log: List[str] = []
    with alarm(0.02):
        try:
            _sleep()
        except BaseException as error:  # noqa: BLE001
            log.append(type(error).__name__)
        time.sleep(0.05)
        log.append("went on")
    assert log == ["_Expired", "went on"]


def test_lost_in_a_finalizer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A `__del__` that runs when it rings loses it, as Python ignores every exception of a `__del__`."""
    lost: List[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lost.append)

    class Slow:
        def __del__(self) -> None:
            time.sleep(0.05)
            log.append("never")

    log: List[str] = []
    with alarm(0.02):
        slow = Slow()
        del slow
        log.append("went on")
    assert log == ["went on"]
    assert lost[0].exc_type.__name__ == "_Expired"


def test_other_exception() -> None:
    """An exception of the block propagates unchanged, a TimeoutError of its own and Ctrl-C included."""
    for own in (
        ValueError("own"),
        TimeoutError("own"),
        KeyboardInterrupt(),
    ):
        with pytest.raises(type(own)) as caught:
            with alarm(60):
                raise own
        assert caught.value is own
        assert caught.value.__cause__ is None
        assert _left() == 0


def test_exception_in_cleanup() -> None:
    """An exception that the cleanup raises wins; what stopped the block is its context."""
    with pytest.raises(ValueError, match="cleanup") as caught:
        with alarm(0.02):
            try:
                _sleep()
            finally:
                raise ValueError("cleanup")
    assert type(caught.value.__context__).__name__ == "_Expired"


def test_where_it_was() -> None:
    """The cause of the TimeoutError tells where the block was stopped."""
    with pytest.raises(TimeoutError) as caught:
        with alarm(0.02):
            _sleep()
    trace = (
        caught.value.__cause__
        and caught.value.__cause__.__traceback__
    )
    names = []
    while trace:
        names.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    assert "_sleep" in names


@pytest.mark.parametrize("seconds", [0, -1, -math.inf, math.nan])
def test_no_time(seconds: float) -> None:
    """Zero seconds, less or NaN: the block does not begin, and TimeoutError is raised."""
    log: List[str] = []
    with pytest.raises(TimeoutError, match="no time left"):
        with alarm(seconds):
            log.append("began")
    assert log == []


def test_little_time() -> None:
    """The shortest time stops a block as well."""
    with pytest.raises(TimeoutError, match="longer"):
        with alarm(1e-9):
            _sleep()


def test_no_limit() -> None:
    """`math.inf` sets no limit."""
    with alarm(math.inf):
        assert _left() > 1e7


def test_inner_is_earlier() -> None:
    """Of two alarms, the inner one that is earlier ends its block only; the outer one keeps what is left of its time."""
    log: List[str] = []
    with alarm(60):
        try:
            with alarm(0.3):
                _sleep()
        except TimeoutError as error:
            log.append(str(error))
        # Not 59.7: the clock may be read late, just after the timer.
        assert 0 < _left() <= 59.9
    assert log == ["took longer than 0.3 seconds"]


@pytest.mark.parametrize("inner", [60.0, math.inf])
def test_outer_is_earlier(inner: float) -> None:
    """An outer alarm that is earlier ends both blocks, past an `except TimeoutError` between them."""
    log: List[str] = []
    with pytest.raises(TimeoutError, match=r"0\.02 seconds"):
        with alarm(0.02):
            try:
                with alarm(inner):
                    _sleep()
            except TimeoutError:
                log.append("caught by the wrong one")
    assert log == []


def test_inner_in_time() -> None:
    """After an inner block that ends in time, the outer alarm has what is left of its own."""
    with alarm(100):
        with alarm(50):
            assert 40 < _left() <= 50
            time.sleep(0.3)
        assert 50 < _left() <= 99.9  # a wide margin, as above


def test_three_blocks() -> None:
    """Three nested alarms: the middle one ends the inner block, and the outer one still counts."""
    log: List[str] = []
    with alarm(100):
        try:
            with alarm(0.02):
                with alarm(50):
                    _sleep()
        except TimeoutError as error:
            log.append(str(error))
        assert 50 < _left() <= 100
    assert log == ["took longer than 0.02 seconds"]


def test_outer_comes_in_the_cleanup() -> None:
    """The outer alarm holds for the cleanup of the inner block, too."""
    log: List[str] = []
    with pytest.raises(TimeoutError, match=r"0\.2 seconds"):
        with alarm(0.2):
            with alarm(0.02):
                try:
                    _sleep()
                finally:
                    log.append("cleaning")
                    time.sleep(2)
    assert log == ["cleaning"]


def test_outer_due_with_the_inner() -> None:
    """An outer alarm that is due when the inner block ends is not lost."""
    log: List[str] = []
    try:
        with pytest.raises(TimeoutError, match=r"0\.3 seconds"):
            with alarm(0.3):
                with alarm(60):
                    # The time passes, the signal stays on its way.
                    signal.pthread_sigmask(
                        signal.SIG_BLOCK, {signal.SIGALRM}
                    )
                    time.sleep(0.31)
                    log.append("inner is done")
                signal.pthread_sigmask(
                    signal.SIG_UNBLOCK, {signal.SIGALRM}
                )
                _sleep()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    assert log == ["inner is done"]


def test_ticks_of_others() -> None:
    """A SIGALRM timer of other code keeps ticking, during the block and after it."""
    ticks: List[int] = []
    before = signal.signal(
        signal.SIGALRM, lambda number, _: ticks.append(number)
    )
    signal.setitimer(signal.ITIMER_REAL, 0.02, 0.02)
    try:
        with alarm(60):
            while len(ticks) < 3:
                time.sleep(0.001)
        assert 0 < _left() <= 0.02
        with pytest.raises(TimeoutError):
            with alarm(0.1):
                _sleep()
        seen = len(ticks)
        while len(ticks) < seen + 2:
            time.sleep(0.001)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_single_alarm_of_others() -> None:
    """A `signal.alarm` of other code that is earlier rings once, in time, and the block continues."""
    rings: List[int] = []
    before = signal.signal(
        signal.SIGALRM, lambda number, _: rings.append(number)
    )
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        with pytest.raises(TimeoutError):
            with alarm(0.1):
                while not rings:
                    time.sleep(0.001)
                _sleep()
        assert len(rings) == 1
        assert _left() == 0
    finally:
        signal.signal(signal.SIGALRM, before)


def test_deadly_alarm_of_others() -> None:
    """A `signal.alarm` without a handler still ends the process, though an alarm is inside."""
    pid = os.fork()
    if pid == 0:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            with alarm(60):
                _sleep()
        finally:
            os._exit(99)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGALRM


def test_other_thread() -> None:
    """Another thread than the main one gets RuntimeError, and no timer is touched."""
    caught: List[str] = []

    def run() -> None:
        try:
            with alarm(30):
                caught.append("began")
        except RuntimeError as error:
            caught.append(str(error))

    with alarm(60):
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        assert 30 < _left() <= 60
    assert caught == ["an alarm needs the main thread"]


def test_not_entered() -> None:
    """An alarm counts from where its block begins; one that is not entered does nothing."""
    manager = alarm(60)
    assert _left() == 0
    time.sleep(0.2)
    with manager:
        assert _left() > 59.85


def test_used_twice() -> None:
    """An alarm may be used again, after it expired as well."""
    manager = alarm(0.02)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            with manager:
                _sleep()
    manager = alarm(60)
    for _ in range(2):
        with manager:
            assert 30 < _left() <= 60


def test_nested_in_itself() -> None:
    """An alarm cannot be set a second time inside its own block: RuntimeError, and it keeps running."""
    manager = alarm(60)
    with manager:
        with pytest.raises(RuntimeError, match="set already"):
            with manager:
                raise AssertionError("began")
        assert 30 < _left() <= 60


def test_set_again_after_it_rang() -> None:
    """An alarm that has rung cannot be set again in the cleanup of its own block: RuntimeError; after the block it can."""
    manager = alarm(0.001)
    with pytest.raises(RuntimeError, match="set already"):
        with manager:
            try:
                time.sleep(60)
            finally:
                with manager:
                    raise AssertionError("began")
    with pytest.raises(TimeoutError):
        with manager:
            time.sleep(60)


def test_leaves_nothing_at_any_moment() -> None:
    """A thousand alarms that ring at any moment, also while the block begins or ends, leave no timer or handler."""
    choose = random.Random(1)
    handler = signal.getsignal(signal.SIGALRM)
    for _ in range(1000):
        try:
            with alarm(1e-6 + choose.random() * 6e-5):
                sum(range(choose.randrange(500)))
        except TimeoutError:
            continue
        except BaseException as error:  # noqa: BLE001
            # Python 3.8 and 3.9, in the moment when the block ends.
            assert type(error).__name__ == "_Expired"  # noqa: PT017
        finally:
            assert _left() == 0
            assert signal.getsignal(signal.SIGALRM) == handler
    with pytest.raises(TimeoutError):
        with alarm(0.01):
            _sleep()


def test_no_cycle() -> None:
    """A block that is stopped leaves no reference cycle behind."""

    class Value:
        pass

    kept: List[Any] = []

    def call() -> None:
        value = Value()
        kept.append(weakref.ref(value))
        with contextlib.suppress(TimeoutError):
            with alarm(0.01):
                _sleep()

    call()  # without the garbage collector, which the fixture disables
    assert [one() for one in kept] == [None]


def test_in_contextmanager() -> None:
    """A function of `contextlib.contextmanager` may `yield` in the block, and an `ExitStack` may enter it."""

    @contextlib.contextmanager
    def limit() -> Iterator[None]:
        with alarm(0.01):
            yield

    with pytest.raises(TimeoutError):
        with limit():
            _sleep()
    with pytest.raises(TimeoutError):
        with contextlib.ExitStack() as stack:
            stack.enter_context(alarm(0.01))
            _sleep()


def test_in_the_code_of_contextlib() -> None:
    """An alarm that rings while an `ExitStack` or `contextmanager` enters or leaves the block is not lost: it rings again in the block, or its end restores all."""

    @contextlib.contextmanager
    def limit() -> Iterator[None]:
        with alarm(60):
            yield

    def stack() -> Any:
        manager = contextlib.ExitStack()
        manager.enter_context(alarm(60))
        return manager

    for make in (limit, stack):
        line = 0
        while True:
            left, late = line, False

            def trace(frame: Any, event: str, _: object) -> Any:
                nonlocal left, late
                if frame.f_globals.get("__name__") == "contextlib":
                    left -= event == "line"
                    if left < 0:
                        sys.settrace(None)
                        late = True
                        handler: Any = signal.getsignal(
                            signal.SIGALRM
                        )
                        if callable(handler):  # the time is up
                            patch.setattr(
                                "alarm.monotonic",
                                lambda: math.inf,
                            )
                            handler(signal.SIGALRM, frame)
                            patch.undo()
                return trace

            before = sys.gettrace()
            with pytest.MonkeyPatch.context() as patch:
                sys.settrace(trace)
                try:
                    with make():
                        pass
                finally:
                    sys.settrace(before)
            assert _left() == 0
            if not late:
                break
            line += 1
        assert line > 5


@pytest.mark.parametrize("wait", ["lock", "sleep"])
def test_wait_in_the_code_of_contextlib(wait: str) -> None:
    """A wait in C that an `ExitStack` itself calls is stopped as well."""
    lock = threading.Lock()
    lock.acquire()
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        with alarm(0.02):
            with contextlib.ExitStack() as stack:
                if wait == "lock":
                    rescue = threading.Timer(10, lock.release)
                    stack.callback(rescue.cancel)
                    rescue.start()
                    stack.enter_context(lock)
                else:
                    stack.callback(time.sleep, 10)
    assert time.monotonic() - start < 9


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred blocks that are stopped leave no thread or descriptor."""
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    for _ in range(100):
        with pytest.raises(TimeoutError):
            with alarm(0.001):
                _sleep()
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
