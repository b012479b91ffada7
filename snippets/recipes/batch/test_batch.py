# SPDX-License-Identifier: 0BSD
"""What `batch` promises, one test each."""

import asyncio
import gc
import math
import os
import sys
import threading
import weakref
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from typing import Any

import pytest

from batch import Done, Failed, TimedOut, batch

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


class Job:
    """Calls that wait until they are released."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.go: dict[int, asyncio.Event] = {}

    def release(self, *items: int) -> None:
        for item in items:
            self.go.setdefault(item, asyncio.Event()).set()

    async def __call__(self, item: int) -> int:
        self.log.append(f"+{item}")
        try:
            await self.go.setdefault(item, asyncio.Event()).wait()
        except asyncio.CancelledError:
            self.log.append(f"!{item}")
            raise
        self.log.append(f"-{item}")
        return item * item


def test_all_done() -> None:
    """Gives one outcome per item, in the order of the items."""

    async def main() -> None:
        job = Job()
        call = await _started(batch(job, [1, 2, 3], max_at_once=3))
        await _pass(0)
        job.release(3)
        await _pass(0)
        job.release(1, 2)
        assert await call == [Done(1), Done(4), Done(9)]
        assert job.log[:4] == ["+1", "+2", "+3", "-3"]

    _run(main)


def test_no_items() -> None:
    """Without items the answer is an empty list."""

    async def main() -> None:
        assert await batch(_square, [], max_at_once=1) == []
        assert (
            await batch(_square, [], max_at_once=1, timeout=0) == []
        )

    _run(main)


async def _square(item: int) -> int:
    return item * item


def test_limit() -> None:
    """Never more than `max_at_once` calls run; the next starts when one ends."""

    async def main() -> None:
        job = Job()
        call = await _started(batch(job, range(4), max_at_once=2))
        await _pass(0)
        assert job.log == ["+0", "+1"]
        job.release(1)
        await _pass(0)
        assert job.log == ["+0", "+1", "-1", "+2"]
        job.release(0, 2, 3)
        await call
        assert sorted(job.log)[4:] == ["-0", "-1", "-2", "-3"]

    _run(main)


@pytest.mark.parametrize("places", [0, -1, 1.5, float("nan")])
def test_no_places(places: Any) -> None:
    """`max_at_once` below 1 or with a fraction is refused with ValueError, and no item is read."""

    async def main() -> None:
        items = iter([1, 2])
        with pytest.raises(
            ValueError, match=r"^max_at_once must be 1 or more$"
        ):
            await batch(_square, items, max_at_once=places)
        assert next(items) == 1

    _run(main)


def test_limits_are_named() -> None:
    """`max_at_once` and `timeout` must be given by name."""

    async def main() -> None:
        function: Any = batch
        with pytest.raises(TypeError):
            await function(_square, [1], 1)
        with pytest.raises(TypeError):
            await function(_square, [1])

    _run(main)


def test_outcomes_are_values() -> None:
    """Outcomes are compared by what they hold, and can be counted if that is hashable."""
    error = ValueError()
    outcomes = [Done(1), Failed(error), TimedOut(True)]
    again = [Done(1), Failed(error), TimedOut(True)]
    assert outcomes == again
    assert len({*outcomes, *again, Done(2), TimedOut(False)}) == 5


def test_failures_are_kept_apart() -> None:
    """A call that raises is Failed, with its exception; the others go on."""

    async def main() -> None:
        async def job(item: int) -> int:
            await asyncio.sleep(0)
            return 12 // item

        first, second, third = await batch(
            job, [3, 0, 4], max_at_once=1
        )
        assert (first, third) == (Done(4), Done(3))
        assert isinstance(second, Failed)
        assert isinstance(second.error, ZeroDivisionError)

    _run(main)


def test_function_that_raises() -> None:
    """A function that raises instead of returning an awaitable is Failed too."""

    async def main() -> None:
        def job(item: int) -> Awaitable[int]:
            if item == 2:
                raise ValueError("two")
            return _square(item)

        first, second = await batch(job, [1, 2], max_at_once=1)
        assert first == Done(1)
        assert isinstance(second, Failed)
        assert isinstance(second.error, ValueError)

    _run(main)


def test_any_awaitable() -> None:
    """The function may return any awaitable, such as a future."""

    async def main() -> None:
        futures = [asyncio.get_running_loop().create_future()]
        futures[0].set_result(42)
        assert await batch(
            futures.__getitem__, [0], max_at_once=1
        ) == [Done(42)]

    _run(main)


def test_time_is_up() -> None:
    """At the timeout, the outcomes distinguish done, cut off and never started."""

    async def main() -> None:
        job = Job()
        job.release(1)
        call = await _started(
            batch(job, [1, 2, 3], max_at_once=1, timeout=5)
        )
        await _pass(4.5)
        assert job.log == ["+1", "-1", "+2"]
        await _pass(0.5)
        assert job.log == ["+1", "-1", "+2", "!2"]
        assert await call == [
            Done(1),
            TimedOut(started=True),
            TimedOut(started=False),
        ]

    _run(main)


def test_no_limit_of_time() -> None:
    """With a timeout of None, nothing is ever cut off."""

    async def main() -> None:
        job = Job()
        call = await _started(
            batch(job, [3], max_at_once=1, timeout=None)
        )
        await _pass(1e6)
        job.release(3)
        assert await call == [Done(9)]

    _run(main)


def test_waits_for_cleanup() -> None:
    """Calls that are cut off are waited for until their cleanup has ended."""

    async def main() -> None:
        log: list[str] = []
        go = asyncio.Event()

        async def job(_: int) -> None:
            try:
                await _forever()
            finally:
                log.append("cleaning")
                await go.wait()
                log.append("clean")

        call = await _started(
            batch(job, [1], max_at_once=1, timeout=5)
        )
        await _pass(5)
        assert log == ["cleaning"]
        assert not call.done()
        go.set()
        assert await call == [TimedOut(True)]
        assert log == ["cleaning", "clean"]

    _run(main)


def test_value_after_the_limit() -> None:
    """A call that returns a value although it was cut off is Done."""

    async def main() -> None:
        async def job(_: int) -> str:
            try:
                await _forever()
            except asyncio.CancelledError:
                return "half"
            return "never"

        call = await _started(
            batch(job, [1, 2], max_at_once=1, timeout=5)
        )
        await _pass(5)
        assert await call == [Done("half"), TimedOut(False)]

    _run(main)


def test_failure_after_the_limit() -> None:
    """A call that fails while it cleans up after the timeout is Failed."""

    async def main() -> None:
        async def job(_: int) -> None:
            try:
                await _forever()
            finally:
                raise ValueError("cleanup")

        call = await _started(
            batch(job, [1, 2], max_at_once=1, timeout=5)
        )
        await _pass(5)
        outcome, late = await call
        assert isinstance(outcome, Failed)
        assert isinstance(outcome.error, ValueError)
        assert late == TimedOut(False)

    _run(main)


@pytest.mark.parametrize("timeout", [0, -1])
def test_no_time(timeout: float) -> None:
    """A timeout of zero or less starts nothing."""

    async def main() -> None:
        job = Job()
        outcomes = await batch(
            job, [1, 2], max_at_once=2, timeout=timeout
        )
        assert outcomes == [TimedOut(False), TimedOut(False)]
        assert job.log == []

    _run(main)


@pytest.mark.parametrize("places", [1, 3])
def test_nothing_starts_late(places: int) -> None:
    """No call starts after the timeout, even if a blocking call delays its timer."""

    async def main() -> None:
        log: list[int] = []

        async def job(item: int) -> None:
            log.append(item)
            _now[0] += 5

        outcomes = await batch(
            job, [1, 2], max_at_once=places, timeout=5
        )
        assert outcomes == [Done(None), TimedOut(False)]
        assert log == [1]

    _run(main)


def test_timeout_of_a_call() -> None:
    """A TimeoutError that a call raises itself makes it Failed, not TimedOut."""

    async def main() -> None:
        async def job(_: int) -> None:
            raise TimeoutError("my own")

        (outcome,) = await batch(
            job, [1], max_at_once=1, timeout=60
        )
        assert isinstance(outcome, Failed)
        assert str(outcome.error) == "my own"

    _run(main)


def test_call_that_is_cancelled_elsewhere() -> None:
    """A call that other code cancels before the timeout is Failed; the others go on."""

    async def main() -> None:
        shared = await _started(_forever())

        async def job(item: int) -> int:
            if item == 1:
                await shared
            task = asyncio.current_task()
            assert task is not None
            if item == 2:
                task.cancel("myself")
                await asyncio.sleep(0)
            return item

        call = await _started(batch(job, [1, 2, 3], max_at_once=1))
        await _pass(0)
        shared.cancel()
        first, second, third = await call
        for outcome in (first, second):
            assert isinstance(outcome, Failed)
            assert isinstance(outcome.error, asyncio.CancelledError)
        assert third == Done(3)

    _run(main)


def test_call_that_cancels_itself_and_ends() -> None:
    """A call that cancels its own task and then returns is Done; one that raises is Failed with that exception."""

    async def main() -> None:
        async def job(item: int) -> int:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            if item == 2:
                raise ValueError("two")
            return item

        first, second = await batch(job, [1, 2], max_at_once=1)
        assert first == Done(1)
        assert isinstance(second, Failed)
        assert str(second.error) == "two"

    _run(main)


@pytest.mark.skipif(
    sys.version_info < (3, 11, 3),
    reason="asyncio.timeout() has a defect before 3.11.3",
)
def test_in_the_cleanup_of_a_cancelled_task() -> None:
    """In the cleanup of a cancelled task, a timeout keeps the outcomes, too; this needs Python 3.11.3."""

    async def main() -> None:
        job = Job()
        outcomes: list[Any] = []

        async def caller() -> None:
            try:
                await _forever()
            finally:
                job.release(1)
                outcomes.extend(
                    await batch(
                        job, [1, 2], max_at_once=2, timeout=5
                    )
                )

        call = await _started(caller())
        call.cancel()
        await _pass(0)
        await _pass(5)
        with pytest.raises(asyncio.CancelledError):
            await call
        assert outcomes == [Done(1), TimedOut(True)]

    _run(main)


@pytest.mark.parametrize("places", [1, 3])
def test_call_that_is_cancelled_before_it_starts(
    places: int,
) -> None:
    """A call that other code cancels before its first step is Failed, and gives its place to the next."""

    async def main() -> None:
        before = asyncio.all_tasks()
        call = asyncio.ensure_future(
            batch(_square, [1, 2, 3], max_at_once=places)
        )
        await asyncio.sleep(0)
        for task in asyncio.all_tasks() - before - {call}:
            task.cancel()
        await _pass(0)
        assert call.done()
        outcomes = await call
        for outcome in outcomes[:places]:
            assert isinstance(outcome, Failed)
            assert isinstance(outcome.error, asyncio.CancelledError)
        rest = [Done(item * item) for item in (1, 2, 3)[places:]]
        assert outcomes[places:] == rest

    _run(main)


def test_call_that_is_cancelled_and_ends_too_late() -> None:
    """A call that other code cancels, and that still cleans up at the timeout, is TimedOut."""

    async def main() -> None:
        tasks: list[asyncio.Task[Any] | None] = []

        async def job(_: int) -> None:
            tasks.append(asyncio.current_task())
            try:
                await _forever()
            finally:
                await _forever()

        call = await _started(
            batch(job, [1], max_at_once=1, timeout=5)
        )
        await _pass(0)
        (task,) = tasks
        assert task is not None
        task.cancel()
        await _pass(5)
        assert await call == [TimedOut(True)]

    _run(main)


def test_other_base_exceptions() -> None:
    """A call that raises a BaseException is Failed; KeyboardInterrupt and SystemExit end the program."""

    class Stop(BaseException):
        pass

    async def main() -> None:
        async def job(item: type[BaseException]) -> None:
            raise item

        stop, *others = await batch(
            job, [Stop, OSError], max_at_once=2
        )
        assert isinstance(stop, Failed)
        assert isinstance(stop.error, Stop)
        assert len(others) == 1
        await batch(job, [SystemExit], max_at_once=1)

    with pytest.raises(SystemExit):
        _run(main)


def test_failures_are_freed() -> None:
    """No reference cycle keeps a failure once the outcomes are dropped."""

    class Row:
        pass

    rows: list[weakref.ref[Row]] = []

    async def main() -> None:
        async def job(_: int) -> None:
            row = Row()
            rows.append(weakref.ref(row))
            raise ValueError

        outcomes = await batch(
            job, [1, 2], max_at_once=1, timeout=5
        )
        assert len(outcomes) == 2
        del outcomes
        assert [row() for row in rows] == [None] * 2

    gc.disable()
    try:
        _run(main)
    finally:
        gc.enable()


def test_total_is_not_a_number() -> None:
    """A timeout that is NaN is a ValueError; nothing starts."""

    async def main() -> None:
        job = Job()
        with pytest.raises(ValueError, match="not a number"):
            await batch(job, [1], max_at_once=1, timeout=math.nan)
        assert job.log == []

    _run(main)


def test_caller_cancelled_in_each_turn() -> None:
    """A caller cancelled in every turn of the loop, as by AnyIO, ends when the calls have cleaned up."""

    async def main() -> None:
        log: list[int] = []

        async def job(item: int) -> None:
            try:
                await _forever()
            finally:
                for _ in range(5):
                    await asyncio.sleep(0)
                log.append(item)

        call = await _started(batch(job, [1, 2], max_at_once=2))
        for _ in range(20):
            call.cancel()
            await asyncio.sleep(0)
        assert call.done()
        assert call.cancelled()
        assert sorted(log) == [1, 2]

    _run(main)


def test_isolation() -> None:
    """Each call is a task of its own, with its own context variables."""

    async def main() -> None:
        seen: ContextVar[int] = ContextVar("seen", default=0)

        async def job(item: int) -> int:
            before = seen.get()
            seen.set(item)
            return before

        outcomes = await batch(job, [1, 2, 3], max_at_once=1)
        assert outcomes == [Done(0)] * 3
        assert seen.get() == 0

    _run(main)


@pytest.mark.parametrize("requests", [1, 2])
def test_caller_cancelled(requests: int) -> None:
    """A caller cancelled once, or twice, cancels each call once and waits for the cleanup."""

    async def main() -> None:
        log: list[str] = []
        go = asyncio.Event()

        async def job(_: int) -> None:
            try:
                await _forever()
            finally:
                log.append("cleaning")
                await go.wait()
                log.append("clean")

        call = await _started(batch(job, [1, 2], max_at_once=1))
        for _ in range(requests):
            call.cancel()
            await _pass(0)
            assert not call.done()
        assert log == ["cleaning"]
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert log == ["cleaning", "clean"]
        assert call.cancelling() == requests

    _run(main)


def test_caller_cancelled_twice_at_once() -> None:
    """Two cancellations of the caller in one turn of the loop cancel each call once."""

    async def main() -> None:
        job = Job()
        call = await _started(batch(job, [1, 2], max_at_once=2))
        await _pass(0)
        call.cancel()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert sorted(job.log) == ["!1", "!2", "+1", "+2"]

    _run(main)


def test_caller_cancelled_before_the_start() -> None:
    """A caller cancelled before its first step reads no item and starts nothing."""

    async def main() -> None:
        items = iter([1])
        call = asyncio.ensure_future(
            batch(_square, items, max_at_once=1)
        )
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert next(items) == 1

    _run(main)


def test_caller_cancelled_as_time_is_up() -> None:
    """A caller cancelled in the turn of the timeout ends as cancelled; the calls are cancelled once."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for late in (0, 1e-9):
            job = Job()
            call = await _started(
                batch(job, [1], max_at_once=1, timeout=5)
            )
            # Both are due: before the timeout and after it.
            loop.call_at(
                loop.time() + 5 - 1e-9 + 2 * late, call.cancel
            )
            await _pass(5 + 1e-9)
            assert call.cancelled()
            assert job.log == ["+1", "!1"]

    _run(main)


def test_caller_cancelled_after_the_limit() -> None:
    """A caller cancelled after the timeout, while calls clean up, ends as cancelled."""

    async def main() -> None:
        go = asyncio.Event()

        async def job(_: int) -> None:
            try:
                await _forever()
            finally:
                await go.wait()

        call = await _started(
            batch(job, [1], max_at_once=1, timeout=5)
        )
        await _pass(5)
        call.cancel()
        await _pass(0)
        assert not call.done()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await call

    _run(main)


def test_caller_cancelled_as_the_last_ends() -> None:
    """A caller cancelled in the turn in which the last call ends, ends as cancelled."""

    async def main() -> None:
        job = Job()
        call = await _started(batch(job, [1], max_at_once=1))
        await _pass(0)
        job.release(1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    _run(main)


def test_caller_cancelled_and_a_failure() -> None:
    """A call that fails in its cleanup does not replace the caller's CancelledError."""

    async def main() -> None:
        async def job(_: int) -> None:
            try:
                await _forever()
            finally:
                raise ValueError("cleanup")

        call = await _started(batch(job, [1, 2], max_at_once=2))
        await _pass(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    _run(main)


def test_timeout_around_it() -> None:
    """A timeout around the call raises TimeoutError, and leaves no call and no cancellation behind."""

    async def main() -> None:
        job = Job()

        async def caller() -> int:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(5):
                    await batch(
                        job, [1, 2], max_at_once=1, timeout=60
                    )
            return call.cancelling()

        call = await _started(caller())
        await _pass(5)
        assert await call == 0
        assert job.log == ["+1", "!1"]

    _run(main)


def test_items_that_fail() -> None:
    """An exception of `items` is raised before any call starts."""

    async def main() -> None:
        job = Job()

        def items() -> Iterator[int]:
            yield 1
            raise TimeoutError("items")

        with pytest.raises(TimeoutError, match="items"):
            await batch(job, items(), max_at_once=1, timeout=60)
        assert job.log == []

    _run(main)


def test_twice_at_once() -> None:
    """Two batches may run at once, each with its own limits."""

    async def main() -> None:
        job = Job()
        first = await _started(batch(job, [1, 2], max_at_once=1))
        second = await _started(batch(job, [3, 4], max_at_once=1))
        await _pass(0)
        assert job.log == ["+1", "+3"]
        job.release(1, 2, 3, 4)
        assert await first == [Done(1), Done(4)]
        assert await second == [Done(9), Done(16)]

    _run(main)


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred batches that are cut off leave no task, thread or file descriptor."""

    async def main() -> None:
        for _ in range(100):
            job = Job()
            call = await _started(
                batch(job, [1, 2], max_at_once=1, timeout=5)
            )
            await _pass(5)
            assert await call == [TimedOut(True), TimedOut(False)]

    _run(main)
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    _run(main)
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
