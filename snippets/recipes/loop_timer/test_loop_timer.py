# SPDX-License-Identifier: 0BSD
"""What `LoopTimer` promises, one test each."""

import asyncio
import contextvars
import gc
import threading
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List

import pytest

from loop_timer import LoopTimer


class _Clock:
    """Time of the running loop, from zero, that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        loop = asyncio.get_running_loop()
        loop.time = lambda: self.now  # type: ignore[method-assign]

    async def until(self, now: float) -> None:
        self.now = now
        for _ in range(5):
            await asyncio.sleep(0)


def _run(
    main: Callable[[_Clock], Awaitable[None]],
) -> List[Dict[str, Any]]:
    """Run `main`; fail if it leaves a task; return what was reported."""
    reports: List[Dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main(_Clock())
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    return reports


def test_calls_once() -> None:
    """It calls the function once, when the delay is over and not before."""

    async def main(clock: _Clock) -> None:
        times: List[float] = []
        timer = LoopTimer(2, lambda: times.append(clock.now))
        timer.restart()
        for now in (0, 1, 1.99, 2, 3, 9):
            await clock.until(now)
        assert times == [2]

    assert _run(main) == []


def test_not_armed() -> None:
    """A timer that was never armed does not call."""

    async def main(clock: _Clock) -> None:
        LoopTimer(0, lambda: pytest.fail("called"))
        await clock.until(9)

    assert _run(main) == []


def test_pushed_back() -> None:
    """Each restart pushes the call back; only the last one counts."""

    async def main(clock: _Clock) -> None:
        times: List[float] = []
        timer = LoopTimer(10, lambda: times.append(clock.now))
        timer.restart()
        for now in (6.0, 12.0, 18.0):
            await clock.until(now)
            timer.restart()
        for now in (20, 27.9, 28, 38, 60):
            await clock.until(now)
        assert times == [28]

    assert _run(main) == []


def test_restart_after_the_call() -> None:
    """It can be restarted after a call, and calls again."""

    async def main(clock: _Clock) -> None:
        times: List[float] = []
        timer = LoopTimer(1, lambda: times.append(clock.now))
        for now in (0, 5, 7):
            clock.now = now
            timer.restart()
            await clock.until(now + 1)
        assert times == [1, 6, 8]

    assert _run(main) == []


@pytest.mark.parametrize("delay", [0, -1, -1e9])
def test_zero_and_below(delay: float) -> None:
    """With a delay of zero or less, a restart does not call; the next iteration of the loop does."""

    async def main(_: _Clock) -> None:
        calls: List[int] = []
        timer = LoopTimer(delay, lambda: calls.append(1))
        timer.restart()
        assert calls == []
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert calls == [1]

    assert _run(main) == []


def test_loop_is_early() -> None:
    """A loop that is a bit early, within the resolution of its clock, calls once."""

    async def main(clock: _Clock) -> None:
        times: List[float] = []
        timer = LoopTimer(1, lambda: times.append(clock.now))
        timer.restart()
        early = 1 - 1e-12
        for now in (early, 1, 2):
            await clock.until(now)
        assert times == [early]

    assert _run(main) == []


def test_cancel_in_time() -> None:
    """Cancelled in time: True, and it does not call; once more: False."""

    async def main(clock: _Clock) -> None:
        timer = LoopTimer(1, lambda: pytest.fail("called"))
        assert timer.cancel() is False
        timer.restart()
        assert timer.cancel() is True
        assert timer.cancel() is False
        await clock.until(9)

    assert _run(main) == []


def test_cancel_after_the_call() -> None:
    """Cancelled after the call: False."""

    async def main(clock: _Clock) -> None:
        calls: List[int] = []
        timer = LoopTimer(1, lambda: calls.append(1))
        timer.restart()
        await clock.until(1)
        assert timer.cancel() is False
        assert calls == [1]

    assert _run(main) == []


def test_cancel_after_being_pushed_back() -> None:
    """Cancelled after it was pushed back, at the first deadline or later: True, no call."""

    async def main(clock: _Clock) -> None:
        timer = LoopTimer(2, lambda: pytest.fail("called"))
        for now in (0, 1):
            clock.now = now
            timer.restart()
        await clock.until(2.5)
        assert timer.cancel() is True
        await clock.until(9)

    assert _run(main) == []


@pytest.mark.parametrize("timer_first", [True, False])
def test_cancel_in_the_tick_of_the_call(timer_first: bool) -> None:
    """Cancelled in the tick of its deadline: True and no call, or False and one call."""

    async def main(clock: _Clock) -> None:
        calls: List[int] = []
        answers: List[bool] = []
        loop = asyncio.get_running_loop()
        timer = LoopTimer(1, lambda: calls.append(1))
        if timer_first:
            timer.restart()
        clock.now = 0.5
        loop.call_at(
            1.5 if timer_first else 1,
            lambda: answers.append(timer.cancel()),
        )
        if not timer_first:
            timer.restart()
        await clock.until(2)
        assert answers == [not timer_first]
        assert len(calls) == int(timer_first)

    assert _run(main) == []


def test_cancel_and_restart() -> None:
    """Cancelled and restarted in one tick, it calls once, at the new time."""

    async def main(clock: _Clock) -> None:
        times: List[float] = []
        timer = LoopTimer(2, lambda: times.append(clock.now))
        timer.restart()
        clock.now = 1
        timer.cancel()
        timer.restart()
        for now in (2, 3, 9):
            await clock.until(now)
        assert times == [3]

    assert _run(main) == []


def test_one_handle() -> None:
    """A thousand restarts leave one handle in the loop, not a thousand."""

    async def main(_: _Clock) -> None:
        gc.collect()
        timer = LoopTimer(60, print)
        before = _handles()
        for _i in range(1000):
            timer.restart()
        assert _handles() == before + 1
        timer.cancel()

    assert _run(main) == []


def _handles() -> int:
    found = gc.get_objects()
    return sum(type(one) is asyncio.TimerHandle for one in found)


def test_used_in_the_function() -> None:
    """The function may restart and cancel its own timer."""

    async def main(clock: _Clock) -> None:
        log: List[bool] = []

        def job() -> None:
            log.append(timer.cancel())
            timer.restart()
            if len(log) == 3:
                log.append(timer.cancel())

        timer = LoopTimer(1, job)
        timer.restart()
        for now in range(9):
            await clock.until(now)
        assert log == [False, False, False, True]

    assert _run(main) == []


@pytest.mark.parametrize("delay", [-0.5, 0, 0.5])
def test_loop_with_plain_handles(delay: float) -> None:
    """It needs nothing of the loop's handles but `cancel()`; those of uvloop have no `when()` once they are due."""

    class Plain:
        def __init__(self, handle: asyncio.TimerHandle) -> None:
            self.cancel = handle.cancel

    async def main(clock: _Clock) -> None:
        loop: Any = asyncio.get_running_loop()
        make = loop.call_at
        loop.call_at = lambda *args: Plain(make(*args))
        times: List[float] = []
        timer = LoopTimer(delay, lambda: times.append(clock.now))
        timer.restart()
        clock.now = 0.25
        timer.restart()
        for now in (0.5, 0.75, 1):
            await clock.until(now)
        assert times == [0.75 if delay > 0 else 0.5]
        timer.restart()
        assert timer.cancel() is True

    assert _run(main) == []


@pytest.mark.parametrize("kind", [Decimal, Fraction])
def test_kinds_of_numbers(kind: Callable[[str], Any]) -> None:
    """A delay may be a Decimal or a Fraction; text is refused at once with TypeError."""

    async def main(clock: _Clock) -> None:
        times: List[float] = []
        timer = LoopTimer(
            kind("0.5"), lambda: times.append(clock.now)
        )
        timer.restart()
        for now in (0.25, 0.5, 1):
            await clock.until(now)
        assert times == [0.5]
        text: Any = "1"
        with pytest.raises(TypeError):
            LoopTimer(text, print)

    assert _run(main) == []


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt])
def test_system_exit(kind: "type[BaseException]") -> None:
    """SystemExit and KeyboardInterrupt leave the loop; the timer can be used when it runs again."""
    calls: List[int] = []

    def job() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise kind
        loop.stop()

    async def make() -> LoopTimer:
        timer = LoopTimer(0, job)
        asyncio.get_running_loop().call_soon(timer.restart)
        return timer

    loop = asyncio.new_event_loop()
    try:
        timer = loop.run_until_complete(make())
        with pytest.raises(kind):
            loop.run_forever()
        timer.restart()
        loop.run_forever()
        assert calls == [1, 1]
    finally:
        loop.close()


def test_nan() -> None:
    """A delay that is NaN is a ValueError."""

    async def main(_: _Clock) -> None:
        with pytest.raises(ValueError, match="NaN"):
            LoopTimer(float("nan"), print)

    assert _run(main) == []


def test_infinite_delay() -> None:
    """An infinite delay never calls, and can be cancelled in time."""

    async def main(clock: _Clock) -> None:
        timer = LoopTimer(float("inf"), print)
        timer.restart()
        await clock.until(1e9)
        assert timer.cancel() is True

    assert _run(main) == []


def test_exception() -> None:
    """What the function raises goes to the loop's exception handler, unless it is SystemExit or KeyboardInterrupt; the timer stays usable."""

    async def main(clock: _Clock) -> None:
        def job() -> None:
            raise ValueError("mine")

        timer = LoopTimer(1, job)
        for now in (0, 2):
            clock.now = now
            timer.restart()
            await clock.until(now + 1)
        assert timer.cancel() is False

    reports = _run(main)
    assert [repr(one["exception"]) for one in reports] == [
        "ValueError('mine')",
        "ValueError('mine')",
    ]


def test_context() -> None:
    """The function sees the context variables of the restart that armed the timer."""

    async def main(clock: _Clock) -> None:
        name = contextvars.ContextVar("name", default="none")
        seen: List[str] = []
        timer = LoopTimer(2, lambda: seen.append(name.get()))
        name.set("armed")
        timer.restart()
        clock.now = 1
        name.set("pushed back")
        timer.restart()
        for now in (2, 3):
            await clock.until(now)
        assert seen == ["armed"]

    assert _run(main) == []


def test_from_another_thread() -> None:
    """In another thread it is a RuntimeError and changes nothing; `call_soon_threadsafe` works."""

    async def main(clock: _Clock) -> None:
        loop = asyncio.get_running_loop()
        calls: List[int] = []
        errors: List[str] = []
        timer = LoopTimer(0, lambda: calls.append(1))

        def thread() -> None:
            for method in (timer.restart, timer.cancel):
                try:
                    method()
                except RuntimeError as error:
                    errors.append(str(error))

        other = threading.Thread(target=thread)
        other.start()
        other.join()
        assert errors == ["use loop.call_soon_threadsafe()"] * 2
        await clock.until(1)
        assert calls == []
        other = threading.Thread(
            target=loop.call_soon_threadsafe, args=[timer.restart]
        )
        other.start()
        other.join()
        await clock.until(2)
        assert calls == [1]

    assert _run(main) == []


def test_from_another_loop() -> None:
    """In another loop it is a RuntimeError, whether or not its own loop runs."""

    async def make() -> LoopTimer:
        return LoopTimer(0, print)

    loop = asyncio.new_event_loop()
    try:
        timer = loop.run_until_complete(make())

        async def main(_: _Clock) -> None:
            with pytest.raises(RuntimeError):
                timer.restart()
            with pytest.raises(RuntimeError):
                timer.cancel()

        assert _run(main) == []
    finally:
        loop.close()


def test_loop_stopped() -> None:
    """While its loop does not run, it can be restarted and cancelled."""
    calls: List[int] = []

    async def make() -> LoopTimer:
        return LoopTimer(0, lambda: calls.append(1))

    loop = asyncio.new_event_loop()
    try:
        timer = loop.run_until_complete(make())
        timer.restart()
        assert timer.cancel() is True
        timer.restart()
        loop.run_until_complete(asyncio.sleep(0.001))
        assert calls == [1]
    finally:
        loop.close()


def test_loop_closed() -> None:
    """With its loop closed, and where no other loop runs, `cancel` is False and harmless, and `restart` is a RuntimeError."""

    async def make() -> LoopTimer:
        timer = LoopTimer(60, print)
        timer.restart()
        return timer

    for first in (True, False):
        timer = asyncio.run(make())
        if first:
            assert timer.cancel() is False
        with pytest.raises(RuntimeError, match="closed"):
            timer.restart()
        assert timer.cancel() is False


def test_no_loop() -> None:
    """Without a running loop it cannot be made: RuntimeError."""
    with pytest.raises(RuntimeError):
        LoopTimer(1, print)


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred timers, called, cancelled and forgotten, leave no handle, thread or descriptor."""

    async def main(clock: _Clock) -> None:
        gc.collect()
        before = _handles()
        for now in range(100):
            timers = [LoopTimer(0, int), LoopTimer(5, int)]
            for one in timers:
                one.restart()
            await clock.until(now)
            assert timers[1].cancel()
        await clock.until(200)
        del one, timers
        gc.collect()
        assert _handles() <= before

    assert _run(main) == []
    threads = threading.active_count()
    files = len(list(Path("/dev/fd").iterdir()))
    assert _run(main) == []
    assert threading.active_count() == threads
    assert len(list(Path("/dev/fd").iterdir())) == files
