# SPDX-License-Identifier: 0BSD
"""What `hedge` promises, one test each."""

import asyncio
import contextlib
import gc
import math
import os
import threading
import weakref
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hedge import hedge

_now = [0.0]  # the time of the loop


async def _forever() -> None:
    await asyncio.Event().wait()


async def _started(
    coroutine: Awaitable[Any],
) -> "asyncio.Task[Any]":
    task = asyncio.ensure_future(coroutine)
    await _pass(0)
    return task


async def _pass(seconds: float) -> None:
    """Advance the loop's clock, and run every task that can run."""
    for step in (0, seconds):
        _now[0] += step
        for _ in range(20):
            await asyncio.sleep(0)


def _run(main: Callable[[], Awaitable[None]]) -> None:
    """Run `main` with a loop whose clock only `_pass` advances.

    Fail if it leaves a task or reports an error.
    """
    reports: list[dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        _now[0] = 0.0
        vars(loop)["time"] = lambda: _now[0]
        await main()
        gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    assert reports == []


class Attempts:
    """Attempts that each end as a future of their own ends."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.ends: dict[int, asyncio.Future[str]] = {}

    def __getitem__(self, number: int) -> "asyncio.Future[str]":
        loop = asyncio.get_running_loop()
        return self.ends.setdefault(number, loop.create_future())

    async def __call__(self) -> str:
        number = sum("+" in line for line in self.log) + 1
        self.log.append(f"+{number}")
        try:
            return await asyncio.shield(self[number])
        except asyncio.CancelledError:
            self.log.append(f"!{number}")
            raise


def test_first_is_fast() -> None:
    """A first attempt that returns within its delay is the only one."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5, 5]))
        await _pass(4.5)
        make[1].set_result("one")
        assert await call == "one"
        assert make.log == ["+1"]

    _run(main)


def test_second_wins() -> None:
    """A further attempt starts after the delay; the loser is cancelled."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5]))
        await _pass(5)
        assert make.log == ["+1", "+2"]
        make[2].set_result("two")
        assert await call == "two"
        assert make.log == ["+1", "+2", "!1"]

    _run(main)


def test_first_wins_late() -> None:
    """A slow first attempt can still win; then the second is cancelled."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5]))
        await _pass(5)
        make[1].set_result("one")
        assert await call == "one"
        assert make.log == ["+1", "+2", "!2"]

    _run(main)


def test_delays_are_between_attempts() -> None:
    """Each delay counts from the start of the attempt before it."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5, 2]))
        await _pass(5)
        await _pass(1.5)
        assert make.log == ["+1", "+2"]
        await _pass(0.5)
        assert make.log == ["+1", "+2", "+3"]
        await _pass(1e6)
        assert make.log == ["+1", "+2", "+3"]
        make[3].set_result("three")
        assert await call == "three"
        assert sorted(make.log[3:]) == ["!1", "!2"]

    _run(main)


def test_no_delays() -> None:
    """Without delays there is one attempt, and no limit on its time."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, []))
        await _pass(1e6)
        make[1].set_result("one")
        assert await call == "one"
        assert make.log == ["+1"]

    _run(main)


def test_failure_starts_the_next() -> None:
    """When an attempt fails, the next one starts at once; the older ones go on."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5, 60, 60]))
        await _pass(5)
        make[2].set_exception(ValueError("two"))
        await _pass(0)
        assert make.log == ["+1", "+2", "+3"]
        make[1].set_result("one")
        assert await call == "one"
        assert make.log == ["+1", "+2", "+3", "!3"]

    _run(main)


def test_failure_without_a_next() -> None:
    """After a failure with no attempt left to start, the running ones are waited for."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5]))
        await _pass(5)
        make[1].set_exception(ValueError("one"))
        await _pass(1e6)
        assert not call.done()
        make[2].set_result("two")
        assert await call == "two"
        assert make.log == ["+1", "+2"]

    _run(main)


def test_all_fail() -> None:
    """When every attempt fails with an Exception, an ExceptionGroup holds what each raised, in the order of the failures."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5]))
        await _pass(5)
        errors = [ValueError("two"), TimeoutError("one")]
        make[2].set_exception(errors[0])
        await _pass(0)
        assert not call.done()
        make[1].set_exception(errors[1])
        with pytest.raises(ExceptionGroup) as caught:
            await call
        assert list(caught.value.exceptions) == errors
        assert caught.value.message == "every attempt failed"

    _run(main)


def test_all_fail_with_a_base_exception() -> None:
    """If an attempt fails with an exception that is not an Exception, the group is a BaseExceptionGroup."""

    class Stop(BaseException):
        pass

    async def main() -> None:
        async def make() -> str:
            raise errors[0]

        errors = [Stop()]
        with pytest.raises(BaseExceptionGroup) as caught:
            await hedge(make, [])
        assert list(caught.value.exceptions) == errors
        assert not isinstance(caught.value, ExceptionGroup)

    _run(main)


def test_two_fail_at_once() -> None:
    """When two attempts fail in the same turn of the loop, one further attempt starts."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5, 60, 60]))
        await _pass(5)
        make[1].set_exception(ValueError("one"))
        make[2].set_exception(ValueError("two"))
        await _pass(0)
        assert make.log == ["+1", "+2", "+3"]
        make[3].set_result("three")
        assert await call == "three"

    _run(main)


def test_make_raises() -> None:
    """If `make` itself raises, that attempt has failed."""

    async def main() -> None:
        answers: list[str] = []

        def make() -> Awaitable[str]:
            answers.append("attempt")
            if len(answers) == 1:
                raise ValueError("make")
            return asyncio.sleep(0, "two")

        assert await hedge(make, [60]) == "two"

    _run(main)


def test_attempt_is_cancelled_elsewhere() -> None:
    """An attempt that other code cancels has failed, and the next one starts; the group holds a CancelledError for it."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [60]))
        make[1].cancel()
        await _pass(0)
        assert make.log == ["+1", "!1", "+2"]
        make[2].cancel()
        with pytest.raises(BaseExceptionGroup) as caught:
            await call
        assert [type(e) for e in caught.value.exceptions] == [
            asyncio.CancelledError,
            asyncio.CancelledError,
        ]
        assert not call.cancelled()

    _run(main)


@pytest.mark.parametrize("turns", [0, 1])
def test_both_return_at_once(turns: int) -> None:
    """Of two attempts that return in the same turn of the loop, or in two in succession, the older one wins."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5]))
        await _pass(5)
        make[2].set_result("two")
        for _ in range(turns):
            await asyncio.sleep(0)
        make[1].set_result("one")
        assert await call == "one"
        assert make.log == ["+1", "+2"]

    _run(main)


@pytest.mark.parametrize("failed", [1, 2])
def test_one_fails_as_the_other_returns(failed: int) -> None:
    """An attempt that fails in the turn in which another returns changes nothing, and is not reported."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5]))
        await _pass(5)
        make[failed].set_exception(ValueError("late"))
        make[3 - failed].set_result("won")
        assert await call == "won"

    _run(main)


@pytest.mark.parametrize("delay", [0, -1])
def test_no_delay(delay: float) -> None:
    """With a delay of zero or less, the attempt before runs up to its first wait."""

    async def one() -> str:
        log.append("attempt")
        return "one"

    async def at_once() -> None:
        assert await hedge(one, [delay]) == "one"
        assert log == ["attempt"]
        make = Attempts()
        call = await _started(hedge(make, [delay, delay]))
        assert make.log == ["+1", "+2", "+3"]
        make[2].set_result("two")
        assert await call == "two"

    log: list[str] = []
    _run(at_once)


def test_waits_for_the_loser() -> None:
    """The result is returned when the cleanup of the losers has ended."""

    async def main() -> None:
        go = asyncio.Event()
        log: list[str] = []

        async def make() -> str:
            log.append("attempt")
            if len(log) == 2:
                return "two"
            try:
                await _forever()
            finally:
                await go.wait()
                log.append("clean")
            return "one"

        call = await _started(hedge(make, [5]))
        await _pass(5)
        assert not call.done()
        go.set()
        assert await call == "two"
        assert log[-1] == "clean"

    _run(main)


def test_loser_returns_late() -> None:
    """What a loser returns after it was cancelled is dropped."""

    async def main() -> None:
        log: list[str] = []

        async def make() -> str:
            log.append("attempt")
            if len(log) == 2:
                return "two"
            try:
                await _forever()
            except asyncio.CancelledError:
                log.append("suppressed")
            return "one"

        call = await _started(hedge(make, [5]))
        await _pass(5)
        assert await call == "two"
        assert log[-1] == "suppressed"

    _run(main)


def test_loser_fails_in_cleanup() -> None:
    """An exception in the cleanup of a loser does not replace the result; asyncio reports it."""
    reports: list[Any] = []

    async def main() -> None:
        log: list[str] = []

        async def make() -> str:
            log.append("attempt")
            if len(log) == 2:
                return "two"
            try:
                await _forever()
            finally:
                raise ValueError("cleanup")

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        call = await _started(hedge(make, [5]))
        await _pass(5)
        assert await call == "two"

    _run(main)
    assert [str(one["exception"]) for one in reports] == ["cleanup"]


@pytest.mark.parametrize("requests", [1, 2])
def test_caller_cancelled(requests: int) -> None:
    """A caller cancelled once, or twice, waits for all attempts; each is cancelled once."""

    async def main() -> None:
        go = asyncio.Event()
        log: list[str] = []

        async def make() -> str:
            try:
                await _forever()
            finally:
                log.append("cleaning")
                await go.wait()
                log.append("clean")
            return "never"

        call = await _started(hedge(make, [5]))
        await _pass(5)
        for _ in range(requests):
            call.cancel()
            await _pass(0)
            assert not call.done()
        assert log == ["cleaning"] * 2
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert log == ["cleaning"] * 2 + ["clean"] * 2
        assert call.cancelling() == requests

    _run(main)


def test_caller_cancelled_twice_at_once() -> None:
    """Two cancellations of the caller in one turn cancel each attempt once."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5]))
        await _pass(5)
        call.cancel()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert sorted(make.log) == ["!1", "!2", "+1", "+2"]

    _run(main)


def test_caller_cancelled_in_each_turn() -> None:
    """A caller cancelled in every turn of the loop, as by AnyIO, ends when the attempts have cleaned up."""

    async def main() -> None:
        log: list[str] = []

        async def make() -> str:
            try:
                await _forever()
            finally:
                for _ in range(5):
                    await asyncio.sleep(0)
                log.append("clean")
            return "never"

        call = await _started(hedge(make, [5]))
        await _pass(5)
        for _ in range(20):
            call.cancel("again")
            await asyncio.sleep(0)
        assert call.done()
        with pytest.raises(asyncio.CancelledError, match="again"):
            await call
        assert log == ["clean"] * 2

    _run(main)


def test_caller_cancelled_before_the_start() -> None:
    """A caller cancelled before its first step makes no attempt."""

    async def main() -> None:
        make = Attempts()
        call = asyncio.ensure_future(hedge(make, [5]))
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await _pass(5)
        assert make.log == []

    _run(main)


def test_caller_cancelled_as_one_returns() -> None:
    """A caller cancelled in the turn in which an attempt returns ends as cancelled."""

    async def main() -> None:
        make = Attempts()
        call = await _started(hedge(make, [5]))
        await _pass(5)
        make[1].set_result("one")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    _run(main)


def test_caller_cancelled_as_the_loser_cleans_up() -> None:
    """A caller cancelled while it waits for a loser waits on, and ends as cancelled."""

    async def main() -> None:
        go = asyncio.Event()
        log: list[str] = []

        async def make() -> str:
            log.append("attempt")
            if len(log) == 2:
                return "two"
            try:
                await _forever()
            finally:
                await go.wait()
                log.append("clean")
            return "one"

        call = await _started(hedge(make, [5]))
        await _pass(5)
        call.cancel()
        await _pass(0)
        assert not call.done()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert log[-1] == "clean"

    _run(main)


def test_caller_cancelled_and_a_failure() -> None:
    """An attempt that fails in its cleanup does not replace the caller's CancelledError."""
    reports: list[Any] = []

    async def main() -> None:
        async def make() -> str:
            try:
                await _forever()
            finally:
                raise ValueError("cleanup")

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        call = await _started(hedge(make, [5]))
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    _run(main)
    assert [str(one["exception"]) for one in reports] == ["cleanup"]


def test_timeout_around_it() -> None:
    """A timeout around the call raises TimeoutError, and leaves no attempt and no cancellation behind."""

    async def main() -> None:
        make = Attempts()

        async def caller() -> int:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(5):
                    await hedge(make, [2])
            return call.cancelling()

        call = await _started(caller())
        await _pass(2)
        await _pass(3)
        assert await call == 0
        assert sorted(make.log) == ["!1", "!2", "+1", "+2"]

    _run(main)


def test_delays_that_fail() -> None:
    """An exception of `delays` is raised when the attempts have been stopped."""

    async def main() -> None:
        make = Attempts()
        delays = (10 / n for n in (2, 0))
        call = await _started(hedge(make, delays))
        await _pass(5)
        with pytest.raises(ZeroDivisionError):
            await call
        assert make.log == ["+1", "!1"]

    _run(main)


@pytest.mark.parametrize("delays", [[math.nan], [5, math.nan]])
def test_delay_is_not_a_number(delays: list[float]) -> None:
    """A delay that is NaN is a ValueError, raised when the attempts have been stopped."""

    async def main() -> None:
        call = await _started(hedge(Attempts(), delays))
        await _pass(5)
        assert call.done()
        with pytest.raises(ValueError, match="not a number"):
            await call

    _run(main)


def test_failures_are_freed() -> None:
    """When every attempt failed, no reference cycle keeps the exceptions or what they hold."""

    class Row:
        pass

    rows: list[weakref.ref[Row]] = []

    async def main() -> None:
        async def make() -> str:
            row = Row()
            rows.append(weakref.ref(row))
            raise ValueError

        with contextlib.suppress(BaseExceptionGroup):
            await hedge(make, [5, 5])
        await _pass(0)
        assert [row() for row in rows] == [None] * 3

    gc.disable()
    try:
        _run(main)
    finally:
        gc.enable()


def test_twice_at_once() -> None:
    """Two calls may run at once; each stops its own attempts only."""

    async def main() -> None:
        one, two = Attempts(), Attempts()
        first = await _started(hedge(one, [5]))
        second = await _started(hedge(two, [5]))
        one[1].set_result("one")
        assert await first == "one"
        await _pass(5)
        two[2].set_result("two")
        assert await second == "two"
        assert two.log == ["+1", "+2", "!1"]

    _run(main)


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls leave no task, thread or file descriptor."""

    async def main() -> None:
        for _ in range(100):
            make = Attempts()
            call = await _started(hedge(make, [5]))
            await _pass(5)
            make[2].set_result("two")
            assert await call == "two"

    _run(main)
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    _run(main)
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
