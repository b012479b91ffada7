# SPDX-License-Identifier: 0BSD
"""What `StopFlag` promises, one test each."""

import math
import os
import signal
import sys
import threading
import time
from typing import Any, Callable, Iterator, List, Optional

import pytest

from stop_flag import StopFlag

INT, TERM = signal.SIGINT, signal.SIGTERM
# Another file's tests may have left a thread, which a fork warns of.
pytestmark = [
    pytest.mark.skipif(
        not hasattr(os, "fork"), reason="needs POSIX signals"
    ),
    pytest.mark.filterwarnings(
        "ignore:.*multi-threaded.*fork:DeprecationWarning"
    ),
]


@pytest.fixture(autouse=True)
def _handlers_are_restored() -> Iterator[None]:
    # After `&` in a shell script, SIGINT is ignored.
    before = signal.signal(INT, signal.default_int_handler)
    yield
    assert signal.signal(INT, before) == signal.default_int_handler
    assert signal.getsignal(TERM) == signal.SIG_DFL


@pytest.fixture(name="clock")
def _clock(monkeypatch: pytest.MonkeyPatch) -> List[float]:
    """Return the time that has passed for the recipe, to be changed."""
    passed = [0.0]
    monkeypatch.setitem(
        vars(sys.modules["stop_flag"]),
        "monotonic",
        lambda: passed[0],
    )
    return passed


def _kill_main() -> None:
    main = threading.main_thread().ident
    assert main is not None
    signal.pthread_kill(main, TERM)


def _status(program: Callable[[], object], send: int = 0) -> int:
    """Run a program in a child, and return its exit status."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(30)
            os.write(writer, b"x")
            program()
            os._exit(7)
        except KeyboardInterrupt:
            os._exit(8)
        finally:
            os._exit(99)
    os.read(reader, 1)
    os.close(reader)
    os.close(writer)
    if send:
        os.kill(pid, send)
    status = os.waitpid(pid, 0)[1]
    return (
        -os.WTERMSIG(status)
        if os.WIFSIGNALED(status)
        else status >> 8
    )


@pytest.mark.parametrize("number", [INT, TERM])
def test_first_signal(number: int) -> None:
    """The first Ctrl-C or SIGTERM sets the flag, and `signal` is its number; both stay after the block."""
    with StopFlag() as stop:
        assert not stop.is_set()
        assert stop.signal is None
        signal.raise_signal(number)
        assert stop.is_set()
        assert stop.wait()
    assert stop.wait()
    assert stop.signal == number


@pytest.mark.parametrize(
    "send", [_kill_main, lambda: signal.raise_signal(TERM)]
)
def test_wakes_up(send: Callable[[], None]) -> None:
    """A wait without a limit ends, whichever thread the system gives the signal to."""
    with StopFlag() as stop:
        thread = threading.Thread(target=send)
        thread.start()
        assert stop.wait()
        thread.join()


def test_looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that comes just before a sleep is noticed 0.05 seconds later: no sleep is longer."""
    sleeps: List[float] = []

    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        if len(sleeps) == 3:
            signal.raise_signal(INT)

    monkeypatch.setitem(
        vars(sys.modules["stop_flag"]), "sleep", sleep
    )
    with StopFlag() as stop:
        assert stop.wait(3600)
    assert sleeps == [0.05, 0.05, 0.05]


def test_timeout() -> None:
    """Without a signal, `wait` returns False when its time is over, not before."""
    with StopFlag() as stop:
        start = time.monotonic()
        assert not stop.wait(0.07)
        assert time.monotonic() - start >= 0.07
        assert not stop.wait(timeout=0)
        assert not stop.wait(-1)


def test_sleeps_no_longer(
    monkeypatch: pytest.MonkeyPatch, clock: List[float]
) -> None:
    """No sleep of `wait` goes beyond its time."""
    sleeps: List[float] = []

    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        clock[0] += seconds

    def monotonic() -> float:
        clock[0] += 2.0  # a busy machine
        return clock[0]

    recipe = vars(sys.modules["stop_flag"])
    monkeypatch.setitem(recipe, "sleep", sleep)
    stop = StopFlag()
    assert not stop.wait(0.0625)
    assert sleeps == pytest.approx([0.05, 0.0125])
    monkeypatch.setitem(recipe, "monotonic", monotonic)
    assert not stop.wait(3)
    assert sleeps[2:] == [0]


@pytest.mark.parametrize("limit", [None, math.inf, 1e300])
def test_no_limit(limit: Optional[float]) -> None:
    """`None`, `math.inf` and huge numbers are no limit."""
    with StopFlag() as stop:
        thread = threading.Thread(target=_kill_main)
        thread.start()
        assert stop.wait(limit)
        thread.join()


def test_not_a_number() -> None:
    """A NaN as a limit raises ValueError."""
    with pytest.raises(ValueError, match="not a number"):
        StopFlag().wait(math.nan)


def test_set() -> None:
    """`set()` sets the flag without a signal, from any thread."""
    with StopFlag() as stop:
        thread = threading.Thread(target=stop.set)
        thread.start()
        assert stop.wait()
        thread.join()
        assert stop.signal is None
        signal.raise_signal(TERM)  # which is the first
    assert stop.signal == TERM


def test_waits_in_threads() -> None:
    """Any number of threads can wait for the flag, while the main thread waits too."""
    with StopFlag() as stop:
        waits: List[bool] = []

        def wait() -> None:
            waits.append(stop.wait())

        threads = [threading.Thread(target=wait) for _ in range(5)]
        for thread in (
            *threads,
            threading.Thread(target=_kill_main),
        ):
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join()
    assert waits == [True] * 5


def test_twice_at_once(clock: List[float]) -> None:
    """A second signal within a second has no effect: a group and a parent can both pass on one Ctrl-C."""
    with StopFlag() as stop:
        signal.raise_signal(TERM)
        clock[0] += 1
        signal.raise_signal(INT)
        signal.raise_signal(INT)
    assert stop.signal == TERM


@pytest.mark.parametrize("first", [INT, TERM])
def test_second_ctrl_c(clock: List[float], first: int) -> None:
    """A Ctrl-C more than a second after the first signal raises `KeyboardInterrupt`."""
    stop = StopFlag()
    with pytest.raises(KeyboardInterrupt), stop:
        signal.raise_signal(first)
        clock[0] += 1.1
        signal.raise_signal(INT)
    assert stop.signal == first


def test_second_sigterm(clock: List[float]) -> None:
    """A SIGTERM more than a second after the first signal ends the process."""

    def program() -> None:
        with StopFlag():
            signal.raise_signal(TERM)
            clock[0] += 1.1
            signal.raise_signal(TERM)

    assert _status(program) == -TERM


def test_earlier_handlers(clock: List[float]) -> None:
    """A late second signal goes to the program's earlier handler, which is restored at the end, also after an exception."""
    seen: List[int] = []

    def handler(number: int, _: Any) -> None:
        seen.append(number)

    before = signal.signal(TERM, handler)
    try:
        with pytest.raises(LookupError), StopFlag():
            signal.raise_signal(TERM)
            assert seen == []
            clock[0] += 1.1
            signal.raise_signal(TERM)
            assert seen == [TERM]
            raise LookupError
        assert signal.getsignal(TERM) == handler
    finally:
        signal.signal(TERM, before)


@pytest.mark.parametrize("found", [signal.SIG_IGN, None])
def test_ignored_stays_ignored(
    monkeypatch: pytest.MonkeyPatch, found: Any
) -> None:
    """A signal that is ignored, as after `nohup`, or that C code handles, is left alone."""
    before = signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    try:
        with monkeypatch.context() as patch:
            if found is None:
                patch.setattr(signal, "getsignal", lambda _: None)
            with StopFlag([signal.SIGUSR1]) as stop:
                signal.raise_signal(signal.SIGUSR1)
        assert not stop.is_set()
        assert signal.getsignal(signal.SIGUSR1) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_signals_to_choose() -> None:
    """Only the signals that are named are handled; naming one twice is the same."""
    before = signal.getsignal(signal.SIGUSR1)
    with StopFlag(iter([signal.SIGUSR1] * 2)) as stop:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(INT)
        assert not stop.is_set()
        signal.raise_signal(signal.SIGUSR1)
    assert stop.signal == signal.SIGUSR1
    assert signal.getsignal(signal.SIGUSR1) == before


def test_signal_that_cannot_be_handled() -> None:
    """If a signal cannot be handled, the error is raised, and the handlers are restored."""
    with pytest.raises(OSError, match="Invalid"):
        StopFlag([INT, signal.SIGKILL]).__enter__()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(INT)


def test_main_thread_only() -> None:
    """A `with` block in another thread raises RuntimeError, and changes nothing."""
    errors: List[BaseException] = []

    def enter() -> None:
        try:
            StopFlag().__enter__()
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert "main thread" in str(errors[0])


def test_in_use() -> None:
    """A flag in use cannot be entered again: RuntimeError. The block goes on."""
    with StopFlag() as stop:
        with pytest.raises(RuntimeError, match="in use"):
            stop.__enter__()
        signal.raise_signal(TERM)
    assert stop.is_set()


def test_in_use_below_another() -> None:
    """A flag in use cannot be entered again below another one either, and its handlers are restored."""
    before = signal.getsignal(INT)
    stop = StopFlag()
    with stop, StopFlag():
        with pytest.raises(RuntimeError, match="in use"):
            stop.__enter__()
    assert signal.getsignal(INT) is before


def test_used_again(clock: List[float]) -> None:
    """A flag can be used again; a new block clears it."""
    stop = StopFlag()
    for number in INT, TERM:
        with stop:
            assert not stop.is_set()
            assert stop.signal is None
            signal.raise_signal(number)
            assert stop.signal == number
        clock[0] += 1.1


def test_nested(clock: List[float]) -> None:
    """In nested blocks, the first signal sets all flags, and a late second one raises `KeyboardInterrupt`."""
    with StopFlag() as outer:
        with StopFlag([TERM]) as middle, StopFlag() as inner:
            signal.raise_signal(TERM)
        assert [each.signal for each in (outer, middle, inner)] == [
            TERM
        ] * 3
        with pytest.raises(KeyboardInterrupt), StopFlag():
            clock[0] += 1.1
            signal.raise_signal(INT)


def test_one_after_the_other() -> None:
    """After an inner block, the outer one still handles the signals."""
    with StopFlag() as outer:
        with StopFlag() as inner:
            pass
        signal.raise_signal(INT)
    assert outer.is_set()
    assert not inner.is_set()


@pytest.mark.parametrize(
    ("number", "status"), [(TERM, -TERM), (INT, 8)]
)
def test_forked_child(number: int, status: int) -> None:
    """In a child that is forked in the block, signals do what they did before; the parent's flag is not set."""
    with StopFlag() as outer, StopFlag() as stop:
        assert _status(lambda: time.sleep(20), number) == status
        assert not outer.is_set()
        assert not stop.is_set()


def test_block_in_a_forked_child() -> None:
    """A forked child can use the flag in a block of its own."""
    stop = StopFlag()
    with stop:
        pass

    def program() -> None:
        with stop:
            signal.raise_signal(TERM)
            assert stop.wait()

    assert _status(program) == 7
    with StopFlag() as outer:  # the child inherits its handler
        assert _status(program) == 7
        assert not outer.is_set()


def test_signal_at_any_line() -> None:
    """A signal can come at any line of the recipe, also in its own handler: it does not hang, and it is not lost."""

    def trace(frame: Any, event: str, _: Any) -> Any:
        if frame.f_code not in codes:
            return None
        if event == "line" and frame.f_lineno not in seen:
            seen.append(frame.f_lineno)
            signal.raise_signal(TERM)
        return trace

    codes = [
        function.__code__
        for function in vars(StopFlag).values()
        if hasattr(function, "__code__")
        and "__" not in function.__name__
    ]
    seen: List[int] = []
    before = sys.gettrace()
    with StopFlag() as stop:
        sys.settrace(trace)
        try:
            signal.raise_signal(TERM)
            stop.set()
            assert stop.wait(60)
        finally:
            sys.settrace(before)
        assert stop.signal == TERM
    assert len(seen) > 8
