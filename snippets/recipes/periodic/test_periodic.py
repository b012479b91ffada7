# SPDX-License-Identifier: 0BSD
"""What `Periodic` promises, one test each."""

import asyncio
import contextvars
import gc
import sys
import threading
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List

import pytest

from periodic import Periodic


async def _forever() -> None:
    await asyncio.Event().wait()


async def _nothing() -> None:
    pass


async def _ticks(count: int = 10) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


class _Clock:
    """Time of the running loop, from zero, that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        loop = asyncio.get_running_loop()
        loop.time = lambda: self.now  # type: ignore[method-assign]

    async def until(self, now: float) -> None:
        self.now = now
        await _ticks()


def _run(
    main: Callable[[_Clock], Awaitable[None]],
) -> List[Dict[str, Any]]:
    """Run `main`; fail if it leaves a task; return what was reported."""
    reports: List[Dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main(_Clock())
        await _ticks()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    return reports


def test_keeps_the_beat() -> None:
    """Calls come after one interval, two, three, however long each of them takes."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)
            await asyncio.sleep(0.25)

        async with Periodic(1, job):
            await _ticks()
            for quarter in range(14):
                await clock.until(quarter / 4)
        assert log == [1, 2, 3]

    assert _run(main) == []


def test_late_call_does_not_shift_the_next() -> None:
    """A call that comes late does not shift the next one."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)

        async with Periodic(2, job):
            for now in (0, 1, 2.5, 3.75, 4, 7, 7.5, 8):
                await clock.until(now)
        assert log == [2.5, 4, 7, 8]

    assert _run(main) == []


def test_never_the_same_beat_twice() -> None:
    """A sleep that ends a bit early brings one call, not two."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)

        early = 1 - 1e-12
        async with Periodic(1, job):
            for now in (0, early, 1, 1.5, 2):
                await clock.until(now)
        assert log == [early, 2]

    assert _run(main) == []


def test_skips_what_passed() -> None:
    """Beats that pass during a long call are skipped; two calls never overlap."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []

        async def job() -> None:
            log.append(f"in {clock.now:g}")
            await asyncio.sleep(2.5)
            log.append(f"out {clock.now:g}")

        async with Periodic(1, job):
            for half in range(15):
                await clock.until(half / 2)
        assert log == ["in 1", "out 3.5", "in 4", "out 6.5", "in 7"]

    assert _run(main) == []


def test_call_as_long_as_the_interval() -> None:
    """A call that ends right on a beat skips that beat."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)
            await asyncio.sleep(1)

        async with Periodic(1, job):
            for half in range(11):
                await clock.until(half / 2)
        assert log == [1, 3, 5]

    assert _run(main) == []


def test_beat_counts_from_start() -> None:
    """The beat counts from the call of `start`."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)

        clock.now = 10
        ticking = Periodic(3, job)
        ticking.start()
        clock.now = 11
        for now in (12, 13, 15, 16):
            await clock.until(now)
        await ticking.stop()
        assert log == [13, 16]

    assert _run(main) == []


def test_failure_is_reported() -> None:
    """An exception is reported at once, and the next call comes on its beat."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)
            raise ValueError(clock.now)

        async with Periodic(1, job):
            for now in (0, 1, 2, 2.5):
                await clock.until(now)
        assert log == [1, 2]

    reports = _run(main)
    assert [repr(one["exception"]) for one in reports] == [
        "ValueError(1)",
        "ValueError(2)",
    ]
    assert {one["message"] for one in reports} == {"a call failed"}


def test_function_fails_before_it_awaits() -> None:
    """A plain function that raises instead of returning an awaitable is reported too."""

    async def main(clock: _Clock) -> None:
        def job() -> Awaitable[None]:
            raise ValueError

        async with Periodic(1, job):
            await clock.until(0)
            await clock.until(1)

    assert len(_run(main)) == 1


def test_foreign_cancelled_error() -> None:
    """A `CancelledError` that `stop` did not cause is reported like a failure, and the next call comes on its beat."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)
            lost: "asyncio.Future[None]" = asyncio.Future()
            lost.cancel()
            await lost

        async with Periodic(1, job):
            for now in (0, 1, 2):
                await clock.until(now)
        assert log == [1, 2]

    reports = _run(main)
    assert [type(one["exception"]) for one in reports] == [
        asyncio.CancelledError,
        asyncio.CancelledError,
    ]


def test_cancels_its_own_task() -> None:
    """A call that cancels its own task ends that call, not the ticking."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            await asyncio.sleep(0)

        async with Periodic(1, job):
            for now in (0, 1, 2):
                await clock.until(now)
        assert log == [1, 2]

    assert len(_run(main)) == 2


def test_context_variables() -> None:
    """Each call sees the context variables that `start` saw; what a call sets ends with that call."""

    async def main(clock: _Clock) -> None:
        user = contextvars.ContextVar("user", default="nobody")
        seen: List[str] = []

        async def job() -> None:
            seen.append(user.get())
            user.set("set by the call before")

        user.set("starter")
        async with Periodic(1, job):
            user.set("changed since")
            for now in (0, 1, 2):
                await clock.until(now)
        assert seen == ["starter", "starter"]

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="eager tasks are new in 3.12"
)
def test_eager_tasks() -> None:
    """With an eager task factory it ticks as well; a call that stops its own ticking can be stopped from outside."""

    async def main(clock: _Clock) -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(vars(asyncio)["eager_task_factory"])
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)
            if len(log) == 2:
                await ticking.stop()
                try:
                    await _forever()
                finally:
                    log.append(-1)

        ticking = Periodic(1, job)
        ticking.start()
        for now in (0, 1, 2, 3):
            await clock.until(now)
        assert log == [1, 2]
        await ticking.stop()
        assert log == [1, 2, -1]

    assert _run(main) == []


def test_stop_between_calls() -> None:
    """Stopped between two calls, it ends at once and calls no more."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)

        ticking = Periodic(1, job)
        ticking.start()
        for now in (0, 1):
            await clock.until(now)
        await ticking.stop()
        await clock.until(3)
        assert log == [1]

    assert _run(main) == []


def test_stop_right_after_start() -> None:
    """Stopped before its task has run, it never calls."""

    async def main(clock: _Clock) -> None:
        ticking = Periodic(1, _forever)
        ticking.start()
        await ticking.stop()
        await clock.until(5)

    assert _run(main) == []


def test_stop_on_the_beat() -> None:
    """Stopped in the very tick of a beat, it does not call."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)

        async def at_the_beat() -> None:
            await asyncio.sleep(1)
            await ticking.stop()

        waiting = asyncio.ensure_future(at_the_beat())
        await _ticks(1)
        ticking = Periodic(1, job)
        ticking.start()
        await _ticks()
        await clock.until(1)
        await waiting
        await clock.until(5)
        assert log == []

    assert _run(main) == []


def _cleaning(
    log: List[str], go: asyncio.Event
) -> Callable[[], Awaitable[None]]:
    async def job() -> None:
        log.append("in")
        try:
            await _forever()
        finally:
            log.append("cleaning")
            await go.wait()
            log.append("clean")

    return job


def test_stop_waits_for_cleanup() -> None:
    """Stopped during a call, it cancels the call and waits for its cleanup."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []
        go = asyncio.Event()
        ticking = Periodic(1, _cleaning(log, go))
        ticking.start()
        await clock.until(0)
        await clock.until(1)
        stopping = asyncio.ensure_future(ticking.stop())
        await _ticks()
        assert log == ["in", "cleaning"]
        assert not stopping.done()
        go.set()
        await stopping
        assert log == ["in", "cleaning", "clean"]

    assert _run(main) == []


def test_stops_do_not_disturb_the_cleanup() -> None:
    """Several stops, at once and later, all wait; the call is cancelled once."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []
        go = asyncio.Event()
        ticking = Periodic(1, _cleaning(log, go))
        ticking.start()
        await clock.until(0)
        await clock.until(1)
        stops = [asyncio.ensure_future(ticking.stop())]
        stops.append(asyncio.ensure_future(ticking.stop()))
        await _ticks()
        stops.append(asyncio.ensure_future(ticking.stop()))
        await _ticks()
        assert not any(one.done() for one in stops)
        go.set()
        await asyncio.gather(*stops)
        await ticking.stop()
        assert log == ["in", "cleaning", "clean"]

    assert _run(main) == []


@pytest.mark.parametrize("times", [1, 2])
def test_caller_of_stop_cancelled(times: int) -> None:
    """A caller of `stop` that is cancelled, once or twice, ends at once; the call cleans up alone."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []
        go = asyncio.Event()
        ticking = Periodic(1, _cleaning(log, go))
        ticking.start()
        await clock.until(0)
        await clock.until(1)
        stopping = asyncio.ensure_future(ticking.stop())
        await _ticks()
        for _ in range(times):
            stopping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopping
        assert log == ["in", "cleaning"]
        again = asyncio.ensure_future(ticking.stop())
        await _ticks()
        assert not again.done()
        go.set()
        await again
        assert log == ["in", "cleaning", "clean"]

    assert _run(main) == []


def test_stop_cancelled_before_it_starts() -> None:
    """A `stop` that is cancelled before it ran stops nothing."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)

        async with Periodic(1, job) as ticking:
            await _ticks()
            stopping = asyncio.ensure_future(ticking.stop())
            stopping.cancel()
            await clock.until(1)
            assert stopping.cancelled()
            assert log == [1]

    assert _run(main) == []


def test_caller_and_ticking_in_one_tick() -> None:
    """The caller of `stop` and every other task cancelled in one tick: all end."""

    async def main(clock: _Clock) -> None:
        ticking = Periodic(1, _forever)
        ticking.start()
        await clock.until(0)
        await clock.until(1)
        stopping = asyncio.ensure_future(ticking.stop())
        await _ticks(1)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        assert len(others) == 3  # one waits for the call of another
        for one in others:
            one.cancel()
        await asyncio.wait(others)
        assert stopping.cancelled()

    assert _run(main) == []


def test_everything_is_cancelled() -> None:
    """If a shutdown cancels all tasks in one tick, the end of the block still waits for the cleanup of the call, which `stop` does not cancel again on 3.11 or newer."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []
        go = asyncio.Event()
        ticking = Periodic(1, _cleaning(log, go))

        async def service() -> None:
            try:
                async with ticking:
                    await _forever()
            finally:
                log.append("left")

        serving = asyncio.ensure_future(service())
        await clock.until(0)
        await clock.until(1)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await _ticks()
        if hasattr(serving, "cancelling"):  # else cancelled twice
            assert log == ["in", "cleaning"]
            assert not serving.done()
        go.set()
        await asyncio.wait(others)
        assert log[-1] == "left"
        await clock.until(5)
        assert log.count("in") == 1

    _run(main)


def test_start_after_everything_was_cancelled() -> None:
    """After such a shutdown, `start` is a RuntimeError until the call has ended."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []
        go = asyncio.Event()
        ticking = Periodic(1, _cleaning(log, go))
        ticking.start()
        await clock.until(0)
        await clock.until(1)
        for one in asyncio.all_tasks() - {asyncio.current_task()}:
            one.cancel()
        await _ticks()
        with pytest.raises(RuntimeError, match="already"):
            ticking.start()
        stopping = asyncio.ensure_future(ticking.stop())
        await _ticks()
        go.set()
        await stopping
        if hasattr(stopping, "cancelling"):  # else cancelled twice
            assert log == ["in", "cleaning", "clean"]

    _run(main)


def test_tasks_cancelled_one_by_one() -> None:
    """A shutdown that cancels the tasks one after the other, and waits for each, does not hang."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []
        go = asyncio.Event()
        go.set()
        ticking = Periodic(1, _cleaning(log, go))
        ticking.start()
        before = asyncio.all_tasks() - {asyncio.current_task()}
        await clock.until(0)
        await clock.until(1)
        calls = asyncio.all_tasks() - {asyncio.current_task()}
        for one in [*before, *(calls - before)]:
            one.cancel()
            await _ticks()
            assert one.done()
        await ticking.stop()
        assert log == ["in", "cleaning", "clean"]

    _run(main)


def test_refusing_call_is_the_last() -> None:
    """`stop` waits for a call that suppresses its cancellation, and that call is the last one."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []
        go = asyncio.Event()

        async def job() -> None:
            log.append("in")
            try:
                await _forever()
            except asyncio.CancelledError:
                await go.wait()
            log.append("out")

        ticking = Periodic(1, job)
        ticking.start()
        await clock.until(0)
        await clock.until(1)
        stopping = asyncio.ensure_future(ticking.stop())
        await clock.until(5)
        assert not stopping.done()
        go.set()
        await stopping
        await clock.until(9)
        assert log == ["in", "out"]

    assert _run(main) == []


@pytest.mark.parametrize("limit", [0.01, 0, -1])
def test_give_up_waiting(limit: float) -> None:
    """A timeout around `stop` ends the wait for a call that does not end; so does a timeout of zero or less."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []
        go = asyncio.Event()
        ticking = Periodic(1, _cleaning(log, go))
        ticking.start()
        await clock.until(0)
        await clock.until(1)
        stopping = asyncio.ensure_future(
            asyncio.wait_for(ticking.stop(), limit)
        )
        await _ticks()
        await clock.until(2)
        with pytest.raises(asyncio.TimeoutError):
            await stopping
        go.set()
        await ticking.stop()

    assert _run(main) == []


def test_failure_in_cleanup() -> None:
    """An exception in the cleanup is reported; `stop` returns all the same."""

    async def main(clock: _Clock) -> None:
        async def job() -> None:
            try:
                await _forever()
            finally:
                raise ValueError("cleanup")

        async with Periodic(1, job):
            await clock.until(0)
            await clock.until(1)

    reports = _run(main)
    assert [type(one["exception"]) for one in reports] == [
        ValueError
    ]


def test_stop_from_the_function() -> None:
    """The function may stop its own ticking: the call goes on to its end, as the last."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []

        async def job() -> None:
            log.append("in")
            await ticking.stop()
            await asyncio.sleep(0)
            log.append("out")

        ticking = Periodic(1, job)
        ticking.start()
        for now in (0, 1, 2):
            await clock.until(now)
        assert log == ["in", "out"]
        await ticking.stop()

    assert _run(main) == []


def test_stop_from_both_sides() -> None:
    """A call that stopped itself and then hangs is cancelled by a `stop` from outside."""

    async def main(clock: _Clock) -> None:
        async def job() -> None:
            await ticking.stop()
            await _forever()

        ticking = Periodic(1, job)
        ticking.start()
        await clock.until(0)
        await clock.until(1)
        await ticking.stop()

    assert _run(main) == []


def test_start_twice() -> None:
    """A second `start` is a RuntimeError, and changes nothing."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)

        async with Periodic(1, job) as ticking:
            await clock.until(0.5)
            with pytest.raises(RuntimeError, match="already"):
                ticking.start()
            await clock.until(1)
            await clock.until(1.5)
        assert log == [1]

    assert _run(main) == []


def test_start_again() -> None:
    """Once stopped it can be started again, and stopped again."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)
            await ticking.stop()
            await _forever()

        ticking = Periodic(1, job)
        for now in (0, 1.5, 3):
            clock.now = now
            async with ticking:
                await _ticks()
                await clock.until(now + 1)
        assert log == [1, 2.5, 4]

    assert _run(main) == []


def test_stop_without_start() -> None:
    """`stop` without `start` does nothing."""

    async def main(_: _Clock) -> None:
        await Periodic(1, _nothing).stop()

    assert _run(main) == []


def test_loop_closed_meanwhile() -> None:
    """A loop that was closed without cancelling the ticking ends it: `stop` does nothing, and `start` works in the next loop."""
    periodic = Periodic(1, _nothing)

    async def begin() -> None:
        periodic.start()
        await _ticks()

    async def again(_: _Clock) -> None:
        await periodic.stop()
        periodic.start()
        await periodic.stop()

    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)
    loop.run_until_complete(begin())
    tasks = asyncio.all_tasks(loop)
    loop.close()
    assert _run(again) == []
    for task in tasks:  # or Python says that it was destroyed
        coroutine: Any = task.get_coro()
        coroutine.close()
    tasks.clear()
    gc.collect()


def test_any_exception_is_reported() -> None:
    """What does not derive from `Exception` is reported as well, and the next call comes on its beat."""

    class Odd(BaseException):
        pass

    async def main(clock: _Clock) -> None:
        async def job() -> None:
            raise Odd

        async with Periodic(1, job):
            await _ticks()
            await clock.until(1)
            await clock.until(2)

    found = [type(one["exception"]) for one in _run(main)]
    assert found == [Odd, Odd]


def test_start_without_a_loop() -> None:
    """Without a running loop `start` is a RuntimeError, and leaves nothing un-awaited."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(RuntimeError):
            Periodic(1, _nothing).start()
        gc.collect()
    assert caught == []


@pytest.mark.parametrize(
    "interval",
    [0, -1, 1e-320, float("nan"), float("inf"), Decimal("nan")],
)
def test_bad_interval(interval: Any) -> None:
    """An interval of zero, less, infinity, NaN or below a nanosecond is a ValueError."""
    with pytest.raises(ValueError, match="interval"):
        Periodic(interval, _nothing)


def test_block_that_fails() -> None:
    """A failure in the `async with` block stops the ticking and propagates."""

    async def main(clock: _Clock) -> None:
        log: List[float] = []

        async def job() -> None:
            log.append(clock.now)

        async def block() -> None:
            async with Periodic(1, job):
                await _ticks()
                raise ValueError("mine")

        with pytest.raises(ValueError, match="mine"):
            await block()
        await clock.until(5)
        assert log == []

    assert _run(main) == []


def test_block_cancelled() -> None:
    """A cancelled `async with` block stops the ticking, cleanup included, and ends cancelled."""

    async def main(clock: _Clock) -> None:
        log: List[str] = []
        go = asyncio.Event()

        async def block() -> None:
            async with Periodic(1, _cleaning(log, go)):
                await _forever()

        task = asyncio.ensure_future(block())
        await clock.until(0)
        await clock.until(1)
        task.cancel()
        await _ticks()
        assert not task.done()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert log == ["in", "cleaning", "clean"]

    assert _run(main) == []


def test_other_loop() -> None:
    """`stop` from another loop is a RuntimeError; the ticking goes on."""
    ready = threading.Event()
    box: List[Any] = []

    def other() -> None:
        async def main() -> None:
            called, end = asyncio.Event(), asyncio.Event()

            async def job() -> None:
                called.set()

            async with Periodic(0.001, job) as ticking:
                box.extend(
                    [asyncio.get_running_loop(), ticking, end]
                )
                ready.set()
                await end.wait()
                called.clear()
                await called.wait()

        asyncio.run(main())

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait()
    loop, ticking, end = box

    async def main(_: _Clock) -> None:
        with pytest.raises(RuntimeError, match="another loop"):
            await ticking.stop()

    try:
        assert _run(main) == []
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join()


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred of them, stopped in a call and between calls, leave no task, thread or descriptor."""

    async def main(clock: _Clock) -> None:
        for now in range(100):
            clock.now = now
            async with Periodic(1, _forever), Periodic(2, _forever):
                await _ticks(1)
                await clock.until(now + 1)
        gc.collect()

    assert _run(main) == []
    threads = threading.active_count()
    files = len(list(Path("/dev/fd").iterdir()))
    assert _run(main) == []
    assert threading.active_count() == threads
    assert len(list(Path("/dev/fd").iterdir())) == files
