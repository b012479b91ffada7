# SPDX-License-Identifier: 0BSD
"""What `finish` promises, one test each."""

import asyncio
import contextlib
import gc
import os
import sys
import threading
import weakref
from typing import Any, Awaitable, Callable, Dict, Generator, List

import pytest

from finish import finish


class _Work:
    """Something to finish: it ends when `go` is set, and logs how."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.log: List[str] = []

    async def close(self) -> str:
        self.log.append("started")
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.log.append("cut off")
            raise
        self.log.append("ended")
        return "closed"

    async def fail(self) -> str:
        await self.close()
        raise OSError("disk full")


async def _ticks(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def _started(work: Awaitable[Any]) -> "asyncio.Task[Any]":
    task = asyncio.ensure_future(work)
    assert isinstance(task, asyncio.Task)
    await _ticks()
    return task


def _run(
    main: Callable[[], Awaitable[None]],
) -> List[Dict[str, Any]]:
    """Run `main`; fail if it leaves a task; return what was reported."""
    reports: List[Dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main()
        gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    return reports


def test_result() -> None:
    """Returns what the work returns."""

    async def main() -> None:
        work = _Work()
        work.go.set()
        assert await finish(work.close()) == "closed"

    assert _run(main) == []


def test_failure() -> None:
    """Raises what the work raises, if the caller was not cancelled."""

    async def main() -> None:
        work = _Work()
        work.go.set()
        with pytest.raises(OSError, match="disk full"):
            await finish(work.fail())

    assert _run(main) == []


def test_cancelled_once() -> None:
    """Cancelled during the work: the work ends first, then CancelledError is raised."""

    async def main() -> None:
        work = _Work()
        call = await _started(finish(work.close()))
        call.cancel()
        await _ticks()
        assert work.log == ["started"]
        assert not call.done()
        work.go.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert work.log == ["started", "ended"]

    assert _run(main) == []


@pytest.mark.parametrize("pause", [0, 5])
def test_cancelled_many_times(pause: int) -> None:
    """A thousand cancellations, one by one or all in one tick, do not reach the work."""

    async def main() -> None:
        work = _Work()
        call = await _started(finish(work.close()))
        for _ in range(1000):
            call.cancel()
            await _ticks(pause)
        await _ticks()
        assert not call.done()
        work.go.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert work.log == ["started", "ended"]

    assert _run(main) == []


def test_cancelled_as_the_work_ends() -> None:
    """A cancellation in the tick in which the work ends is not lost, before or after the end."""

    async def main() -> None:
        for first in ("work", "caller"):
            future = asyncio.get_running_loop().create_future()
            call = await _started(finish(future))
            if first == "work":
                future.set_result(None)
                call.cancel()
            else:
                call.cancel()
                future.set_result(None)
            await asyncio.wait({call})
            assert call.cancelled()

    assert _run(main) == []


def test_pending_request() -> None:
    """A cancellation that is pending when the call is made is raised when the work has ended, not instead of it."""

    async def main() -> None:
        work = _Work()

        async def caller() -> None:
            me = asyncio.current_task()
            assert me is not None
            me.cancel()
            await finish(work.close())

        call = await _started(caller())
        assert not call.done()
        work.go.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert work.log == ["started", "ended"]

    assert _run(main) == []


def test_nothing_to_wait_for() -> None:
    """If the work has ended already, a pending cancellation is raised where the caller waits next."""

    async def main() -> None:
        work = _Work()
        work.go.set()
        ended = await _started(work.close())
        log: List[str] = []

        async def caller() -> None:
            me = asyncio.current_task()
            assert me is not None
            me.cancel()
            log.append(await finish(ended))
            await asyncio.sleep(0)
            log.append("not cancelled")

        call = await _started(caller())
        assert call.cancelled()
        assert log == ["closed"]

    assert _run(main) == []


def test_in_finally() -> None:
    """In `finally`, the cleanup survives a second and a third cancellation."""

    async def main() -> None:
        work = _Work()

        async def job() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                await finish(work.close())

        task = await _started(job())
        for _ in range(3):
            task.cancel()
            await _ticks()
        assert work.log == ["started"]
        work.go.set()
        await asyncio.wait({task})
        assert task.cancelled()
        assert work.log == ["started", "ended"]

    assert _run(main) == []


def test_cancelled_and_failed() -> None:
    """Cancelled, and the work fails: CancelledError is raised, and asyncio reports the exception."""

    async def main() -> None:
        gc.disable()
        try:
            work = _Work()
            call = await _started(finish(work.fail()))
            call.cancel()
            await _ticks()
            work.go.set()
            await asyncio.wait({call})
            assert call.cancelled()
        finally:
            gc.enable()

    reports = _run(main)
    assert [str(one["exception"]) for one in reports] == [
        "disk full"
    ]


def test_not_started() -> None:
    """A call that is cancelled before its first step does not wait, and a task given to it runs on."""

    async def main() -> None:
        work = _Work()
        running = await _started(work.close())
        call = asyncio.ensure_future(finish(running))
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert not running.done()
        work.go.set()
        assert await running == "closed"

    assert _run(main) == []


def test_several_at_once() -> None:
    """With `finish(gather(a(), b(), return_exceptions=True))`, a caller that was cancelled just before the call completes both, although one fails."""

    async def main() -> None:
        first, second = _Work(), _Work()

        async def caller() -> None:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            both = first.fail(), second.close()
            await finish(
                asyncio.gather(*both, return_exceptions=True)
            )

        call = await _started(caller())
        first.go.set()
        await _ticks()
        assert not call.done()
        second.go.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert first.log == second.log == ["started", "ended"]

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 9), reason="cancel(msg) came with 3.9"
)
def test_last_request() -> None:
    """Of several cancellations the last one is raised, with its message."""

    async def main() -> None:
        work = _Work()
        seen: List[Any] = []

        async def caller() -> None:
            try:
                await finish(work.close())
            except asyncio.CancelledError as error:
                seen.append(error.args)
                raise

        call = await _started(caller())
        for message in ("first", "last"):
            call.cancel(message)
            await _ticks()
        work.go.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert seen == [("last",)]

    assert _run(main) == []


def test_work_cancelled_directly() -> None:
    """Cancelling the work's own task cancels the work, and the caller gets the `CancelledError` that it raises."""

    async def main() -> None:
        work = _Work()
        running = await _started(work.close())
        call = await _started(finish(running))
        running.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert work.log == ["started", "cut off"]

    assert _run(main) == []


def test_asyncio_run_stops_it() -> None:
    """`asyncio.run` cancels the work of a caller that main did not wait for."""
    works: List[_Work] = []
    calls: "List[asyncio.Task[Any]]" = []

    async def main() -> None:
        works.append(_Work())
        calls.append(await _started(finish(works[0].close())))

    asyncio.run(main())
    assert calls[0].cancelled()
    assert works[0].log == ["started", "cut off"]


def test_limit_inside() -> None:
    """A limit inside, also of zero or below, cancels the work, although the caller was cancelled."""

    async def main() -> None:
        for limit in (0.01, 0, -1):
            limited: "Awaitable[str]" = asyncio.wait_for(
                _Work().close(), limit
            )
            with pytest.raises(asyncio.TimeoutError):
                await finish(limited)
        work = _Work()
        inner: "List[asyncio.Task[Any]]" = []

        async def close() -> str:
            me = asyncio.current_task()
            assert me is not None
            inner.append(me)
            call.cancel()
            return await asyncio.wait_for(work.close(), 0.01)

        call = asyncio.ensure_future(finish(close()))
        await asyncio.wait({call})
        assert call.cancelled()
        assert work.log == ["started", "cut off"]
        failure = inner[0].exception()
        assert isinstance(failure, asyncio.TimeoutError)

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="asyncio.timeout: 3.11"
)
@pytest.mark.parametrize("limit", [0.001, 0, -1])
def test_limit_outside(limit: float) -> None:
    """`asyncio.timeout` around the call, also of zero or less, waits for the work to end, and is then raised as a timeout."""

    async def main() -> None:
        work = _Work()

        async def limited() -> None:
            async with asyncio.timeout(limit):
                await finish(work.close())

        call = asyncio.ensure_future(limited())
        while not call.cancelling():  # noqa: ASYNC110
            await asyncio.sleep(0)
        await _ticks()
        assert not call.done()
        work.go.set()
        with pytest.raises(asyncio.TimeoutError):
            await call
        assert work.log == ["started", "ended"]
        await asyncio.sleep(0)

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="cancelling(): 3.11"
)
def test_counts_stay_right() -> None:
    """The count of `cancelling()` is as it would be without this call."""

    async def main() -> None:
        work = _Work()
        call = await _started(finish(work.close()))
        call.cancel()
        await _ticks()
        call.cancel()
        assert call.cancelling() == 2
        work.go.set()
        await asyncio.wait({call})
        assert call.cancelling() == 2

    assert _run(main) == []


def test_kinds_of_work() -> None:
    """Takes coroutines, tasks, futures and other awaitables; what has ended gives its result at once."""

    class Custom:
        def __await__(self) -> Generator[Any, None, int]:
            yield from asyncio.sleep(0).__await__()
            return 3

    async def one() -> int:
        return 1

    async def main() -> None:
        assert await finish(one()) == 1
        assert await finish(await _started(one())) == 1
        future = asyncio.get_running_loop().create_future()
        future.set_result(2)
        assert await finish(future) == 2
        assert await finish(Custom()) == 3
        with pytest.raises(TypeError):
            await finish(4)  # type: ignore[arg-type]

    assert _run(main) == []


def test_twice_and_at_once() -> None:
    """Two callers may finish one task; both get its result."""

    async def main() -> None:
        work = _Work()
        task = await _started(work.close())
        calls = [await _started(finish(task)) for _ in range(2)]
        work.go.set()
        assert await asyncio.gather(*calls) == ["closed"] * 2

    assert _run(main) == []


def test_itself() -> None:
    """The current task is refused with RuntimeError."""

    async def main() -> None:
        me: "Any" = asyncio.current_task()
        with pytest.raises(RuntimeError, match="own end"):
            await finish(me)

    assert _run(main) == []


def test_other_loop() -> None:
    """A future of another loop is refused with ValueError."""
    other = asyncio.new_event_loop()
    try:
        future: "asyncio.Future[None]" = other.create_future()

        async def main() -> None:
            with pytest.raises(ValueError, match="loop"):
                await finish(future)

        assert _run(main) == []
    finally:
        other.close()


def test_no_reference_cycle() -> None:
    """After a cancelled call the work is freed at once, without the garbage collector."""

    async def main() -> None:
        work = _Work()
        task = await _started(work.close())
        gone = weakref.ref(task)
        call = await _started(finish(task))
        del task
        call.cancel()
        await _ticks()
        gc.collect()
        gc.disable()
        try:
            work.go.set()
            await asyncio.wait({call})
            assert call.cancelled()
            del call
            await _ticks()
            assert gone() is None
        finally:
            gc.enable()

    assert _run(main) == []


def test_no_reference_cycle_after_a_failure() -> None:
    """An exception of the work leaves no reference cycle, be the work a coroutine or a task."""

    class Value:
        pass

    async def main() -> None:
        kept: List[Any] = []

        async def fail() -> None:
            value = Value()
            kept.append(weakref.ref(value))
            await asyncio.sleep(0)
            raise ValueError

        async def caller(as_task: bool) -> None:
            value = Value()
            kept.append(weakref.ref(value))
            with contextlib.suppress(ValueError):
                if as_task:
                    await finish(asyncio.ensure_future(fail()))
                else:
                    await finish(fail())

        gc.disable()
        try:
            for as_task in (False, True):
                await caller(as_task)
                await _ticks()
            assert [one() for one in kept] == [None] * 4
        finally:
            gc.enable()

    assert _run(main) == []


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred cancelled calls leave no task, thread or descriptor."""

    async def main() -> None:
        for _ in range(100):
            work = _Work()
            call = await _started(finish(work.close()))
            call.cancel()
            work.go.set()
            await asyncio.wait({call})
            assert call.cancelled()

    assert _run(main) == []
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    assert _run(main) == []
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
