# SPDX-License-Identifier: 0BSD
"""What `timeout_block` promises, one test each."""

import asyncio
import gc
import sys
import threading
from pathlib import Path
from typing import Any, Awaitable, Callable, Dict, List

import pytest

from timeout_block import Timeout, timeout_at, timeout_block

COUNTS = sys.version_info >= (3, 11)
LIKE_3_11_3 = pytest.mark.skipif(
    (3, 11) <= sys.version_info < (3, 11, 3),
    reason="asyncio.timeout() has a defect before 3.11.3",
)
LIKE_3_11_7 = pytest.mark.skipif(
    (3, 11) <= sys.version_info < (3, 11, 7),
    reason="asyncio.timeout() raises AssertionError there",
)


async def _forever() -> None:
    await asyncio.Event().wait()


async def _within(limit: Timeout, job: Awaitable[None]) -> None:
    async with limit:
        await job


async def _ticks(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def _run(main: Callable[[], Awaitable[None]]) -> None:
    """Run `main`; fail if it leaves a task or reports an error."""
    reports: List[Dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    assert reports == []


@LIKE_3_11_3
def test_time_is_over() -> None:
    """A block that is too slow ends in TimeoutError, caused by the `CancelledError` inside."""

    async def main() -> None:
        inside: List[BaseException] = []

        async def job() -> None:
            try:
                await _forever()
            except asyncio.CancelledError as error:
                inside.append(error)
                raise

        limit = timeout_block(0.01)
        with pytest.raises(asyncio.TimeoutError) as caught:
            await _within(limit, job())
        assert inside == [caught.value.__cause__]
        assert limit.expired()

    _run(main)


def test_in_time() -> None:
    """A block that ends in time is left alone, and nothing comes later."""

    async def main() -> None:
        limit = timeout_block(0.02)
        async with limit:
            await asyncio.sleep(0)
            assert not limit.expired()
        await asyncio.sleep(0.05)
        assert not limit.expired()

    _run(main)


def test_never_waits() -> None:
    """A block that does not wait after its deadline is not ended, and raises nothing."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with timeout_block(0.001) as limit:
            while loop.time() < (limit.when() or 0):
                pass
        assert not limit.expired()
        await _ticks(3)

    _run(main)


def test_no_limit() -> None:
    """None is no limit."""

    async def main() -> None:
        limit = timeout_block(None)
        async with limit:
            await asyncio.sleep(0.01)
        assert limit.when() is None
        assert not limit.expired()

    _run(main)


@pytest.mark.parametrize("delay", [0, -1, -1e9])
def test_zero_and_below(delay: float) -> None:
    """Zero and less end the block at the first `await` that waits, not before."""

    async def main() -> None:
        log: List[str] = []

        async def at_once() -> None:
            log.append("awaited")

        async def job() -> None:
            await at_once()
            await asyncio.sleep(0)
            log.append("never")

        with pytest.raises(asyncio.TimeoutError):
            await _within(timeout_block(delay), job())
        assert log == ["awaited"]
        async with timeout_block(delay):
            await at_once()
        await _ticks(3)

    _run(main)


def test_deadline_reached_exactly() -> None:
    """A deadline that is now has passed; the block ends in the same tick."""

    async def main() -> None:
        log: List[str] = []
        loop = asyncio.get_running_loop()
        now = loop.time()

        async def job() -> None:
            loop.call_soon(log.append, "later")
            await asyncio.sleep(0)
            log.append("never")

        loop.time = lambda: now  # type: ignore[method-assign]
        try:
            with pytest.raises(asyncio.TimeoutError):
                await _within(timeout_at(now), job())
        finally:
            del loop.time
        assert log == ["later"]

    _run(main)


def test_waits_for_cleanup() -> None:
    """The block raises only when the cleanup inside is done."""

    async def main() -> None:
        log: List[str] = []

        async def job() -> None:
            try:
                await _forever()
            finally:
                await asyncio.sleep(0.01)
                log.append("clean")

        with pytest.raises(asyncio.TimeoutError):
            await _within(timeout_block(0), job())
        assert log == ["clean"]

    _run(main)


def test_cancelled_by_somebody_else() -> None:
    """A cancellation by other code, before the deadline, gets through as `CancelledError`."""

    async def main() -> None:
        limit = timeout_block(60)

        async def job() -> None:
            async with limit:
                await _forever()

        task = asyncio.ensure_future(job())
        await _ticks(2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not limit.expired()

    _run(main)


def test_cancelled_twice_by_somebody_else() -> None:
    """Two cancellations by other code, the second in the cleanup, get through."""

    async def main() -> None:
        async def job() -> None:
            async with timeout_block(60):
                try:
                    await _forever()
                finally:
                    await _forever()

        task = asyncio.ensure_future(job())
        for _ in range(2):
            await _ticks(2)
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    _run(main)


def test_cancelled_before_the_start() -> None:
    """A task cancelled before it ran never enters the block."""

    async def main() -> None:
        limit = timeout_block(0)

        async def job() -> None:
            async with limit:
                await _forever()

        task = asyncio.ensure_future(job())
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await _ticks(3)
        assert not limit.expired()

    _run(main)


def _late_request(when: str) -> bool:
    """Cancel a block before, after, or at its deadline: return whether it got through."""
    out: List[bool] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        entered, cleaning = asyncio.Event(), asyncio.Event()
        limit = timeout_block(None)

        async def job() -> None:
            async with limit:
                entered.set()
                try:
                    await _forever()
                finally:
                    cleaning.set()
                    await _forever()

        def expire() -> None:
            limit.reschedule(loop.time())

        task = asyncio.ensure_future(job())
        await entered.wait()
        if when == "before":
            task.cancel()
        expire()
        if when == "same tick":
            loop.call_soon(task.cancel)
        await cleaning.wait()
        await _ticks(2)
        task.cancel()
        await asyncio.wait({task})
        assert limit.expired()
        if not task.cancelled():
            assert isinstance(
                task.exception(), asyncio.TimeoutError
            )
        out.append(task.cancelled())

    _run(main)
    return out[0]


@pytest.mark.parametrize("when", ["before", "same tick", "after"])
def test_request_and_deadline(when: str) -> None:
    """A cancellation by other code and the deadline, both in the block: `CancelledError` on 3.11 and newer, TimeoutError on older Pythons."""
    assert _late_request(when) is COUNTS


@LIKE_3_11_3
@pytest.mark.parametrize("delay", [0, 60])
def test_cancelled_before_it_is_entered(delay: float) -> None:
    """A cancellation that was not delivered on entry gets through, unless the time is over as the block begins to wait."""
    out: List[bool] = []

    async def main() -> None:
        async def job() -> None:
            task.cancel()
            await _within(timeout_block(delay), _forever())

        task = asyncio.ensure_future(job())
        await asyncio.wait({task})
        out.append(task.cancelled())
        assert task.cancelled() or isinstance(
            task.exception(), asyncio.TimeoutError
        )

    _run(main)
    assert out == [delay > 0]


def test_nan() -> None:
    """A limit that is NaN is a ValueError."""

    async def main() -> None:
        with pytest.raises(ValueError, match="NaN"):
            timeout_block(float("nan"))

    _run(main)


def test_infinite() -> None:
    """An infinite limit never ends the block."""

    async def main() -> None:
        async with timeout_block(float("inf")) as limit:
            await _ticks(3)
        assert not limit.expired()

    _run(main)


def test_swallowed_inside() -> None:
    """Code that suppresses the cancellation runs on; the block then raises nothing, and `expired()` is True."""

    async def main() -> None:
        limit = timeout_block(0)
        async with limit:
            try:
                await _forever()
            except asyncio.CancelledError:
                await asyncio.sleep(0.01)
        assert limit.expired()
        await _ticks(3)

    _run(main)


def test_own_failure() -> None:
    """An exception of the block propagates unchanged, at the deadline too."""

    async def main() -> None:
        async def breaks() -> None:
            try:
                await asyncio.sleep(0)
            finally:
                raise ValueError("mine")

        for delay in (60, 0):
            with pytest.raises(ValueError, match="mine"):
                await _within(timeout_block(delay), breaks())

    _run(main)


def test_inner_timeout_is_not_mine() -> None:
    """A TimeoutError raised in the block propagates, and `expired()` is False."""

    async def main() -> None:
        limit = timeout_block(60)
        with pytest.raises(asyncio.TimeoutError):
            async with limit:
                await asyncio.wait_for(_forever(), 0.001)
        assert not limit.expired()

    _run(main)


@pytest.mark.parametrize("outer_first", [True, False])
def test_nested_in_one_tick(outer_first: bool) -> None:
    """If two nested blocks run out of time in one iteration of the loop, the outer one raises; catching the inner TimeoutError does not hide that."""

    async def main() -> None:
        log: List[str] = []
        outer, inner = timeout_block(None), timeout_block(None)

        async def job() -> None:
            async with outer:
                try:
                    async with inner:
                        await _forever()
                except asyncio.TimeoutError:
                    log.append("hidden")
                log.append("never")

        task = asyncio.ensure_future(job())
        await _ticks(2)
        both = [outer, inner] if outer_first else [inner, outer]
        for limit in both:
            limit.reschedule(0)
        with pytest.raises(asyncio.TimeoutError):
            await task
        assert log == []
        assert outer.expired()
        assert inner.expired()

    _run(main)


def test_nested_inner_first() -> None:
    """If the time of the inner block is over, its TimeoutError can be caught in the outer block, which goes on."""

    async def main() -> None:
        async with timeout_block(60) as outer:
            for _ in range(3):
                with pytest.raises(asyncio.TimeoutError):
                    async with timeout_block(0):
                        await _forever()
            await asyncio.sleep(0.001)
        assert not outer.expired()

    _run(main)


def test_nested_outer_first() -> None:
    """If the time of the outer block is over, the inner block lets the cancellation through."""

    async def main() -> None:
        inner = timeout_block(60)
        with pytest.raises(asyncio.TimeoutError):
            await _within(
                timeout_block(0), _within(inner, _forever())
            )
        assert not inner.expired()

    _run(main)


@LIKE_3_11_3
def test_block_in_the_cleanup_of_a_block() -> None:
    """A block in the cleanup of another block has its own limit, and raises TimeoutError."""

    async def main() -> None:
        log: List[str] = []

        async def job() -> None:
            try:
                await _forever()
            finally:
                try:
                    await _within(timeout_block(0), _forever())
                except asyncio.TimeoutError:
                    log.append("inner")

        with pytest.raises(asyncio.TimeoutError):
            await _within(timeout_block(0), job())
        assert log == ["inner"]

    _run(main)


def test_other_tasks_have_their_own() -> None:
    """Blocks of different tasks do not affect each other."""

    async def main() -> None:
        async def one(delay: float) -> str:
            try:
                async with timeout_block(delay):
                    await asyncio.sleep(0.02)
            except asyncio.TimeoutError:
                return "late"
            return "done"

        jobs = [one(delay) for delay in (0, 60, 0.001, -1)]
        assert await asyncio.gather(*jobs) == [
            *["late", "done", "late", "late"]
        ]

    _run(main)


def test_reschedule() -> None:
    """`reschedule` moves the deadline: earlier, later, off."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with timeout_block(0) as limit:
            limit.reschedule(loop.time() + 60)
            await _ticks(3)
            limit.reschedule(None)
            assert limit.when() is None
        assert not limit.expired()

        async def earlier(limit: Timeout, delay: float) -> None:
            async with limit:
                limit.reschedule(loop.time() + delay)
                await _forever()

        with pytest.raises(asyncio.TimeoutError):
            await earlier(timeout_block(60), 0.001)
        with pytest.raises(asyncio.TimeoutError):
            await earlier(timeout_block(None), 0)

    _run(main)


@LIKE_3_11_7
def test_reschedule_out_of_place() -> None:
    """`reschedule` before, after, and at a deadline that has passed is a RuntimeError."""

    async def main() -> None:
        limit = timeout_block(60)
        with pytest.raises(RuntimeError):
            limit.reschedule(None)
        async with limit:
            pass
        with pytest.raises(RuntimeError):
            limit.reschedule(None)
        limit = timeout_block(0)
        async with limit:
            with pytest.raises(asyncio.CancelledError):
                await _forever()
            with pytest.raises(RuntimeError):
                limit.reschedule(None)

    _run(main)


def test_when() -> None:
    """The deadline counts from the call, not from entering, and is kept afterwards."""

    async def main() -> None:
        now = asyncio.get_running_loop().time()
        limit = timeout_block(60)
        when = limit.when()
        assert when is not None
        assert now + 60 <= when < now + 120
        async with limit as entered:
            assert entered is limit
            assert isinstance(entered, Timeout)
        assert limit.when() == when
        async with timeout_at(when) as again:
            assert again.when() == when

    _run(main)


@LIKE_3_11_7
def test_entered_twice() -> None:
    """A block is entered once; again, within or after, is a RuntimeError."""

    async def main() -> None:
        limit = timeout_block(60)
        async with limit:
            with pytest.raises(RuntimeError):
                async with limit:
                    raise AssertionError
        with pytest.raises(RuntimeError):
            async with limit:
                raise AssertionError

    _run(main)


def test_no_task() -> None:
    """Without a loop or outside of a task it is a RuntimeError."""
    with pytest.raises(RuntimeError):
        timeout_block(1)
    failed: List[BaseException] = []

    def step() -> None:
        try:
            timeout_block(1).__aenter__().send(None)
        except RuntimeError as error:
            failed.append(error)

    async def main() -> None:
        asyncio.get_running_loop().call_soon(step)
        await _ticks(2)

    _run(main)
    assert len(failed) == 1


def test_closed_from_outside() -> None:
    """A coroutine closed in the block, with no loop left, ends without an error."""
    kept: List[Any] = []

    async def block() -> None:
        async with timeout_block(60):
            await _forever()

    async def main() -> None:
        coroutine = block()
        kept.append(coroutine)
        step = asyncio.ensure_future(_once(coroutine))
        await step

    async def _once(coroutine: Any) -> None:
        coroutine.send(None)

    _run(main)
    kept[0].close()


def _handles() -> List[asyncio.TimerHandle]:
    found = gc.get_objects()
    return [
        one for one in found if type(one) is asyncio.TimerHandle
    ]


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred blocks leave no task, thread, descriptor or armed deadline."""

    async def main() -> None:
        before = _handles()  # keeps those of other tests alive
        known = {id(one) for one in before}
        for _ in range(100):
            with pytest.raises(asyncio.TimeoutError):
                async with timeout_block(0):
                    await _forever()
            async with timeout_block(60):
                await asyncio.sleep(0)
        left = [one for one in _handles() if id(one) not in known]
        assert all(one.cancelled() for one in left)

    _run(main)
    threads = threading.active_count()
    files = len(list(Path("/dev/fd").iterdir()))
    _run(main)
    assert threading.active_count() == threads
    assert len(list(Path("/dev/fd").iterdir())) == files
