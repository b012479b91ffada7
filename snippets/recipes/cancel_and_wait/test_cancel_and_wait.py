# SPDX-License-Identifier: 0BSD
"""What `cancel_and_wait` promises, one test each."""

import asyncio
import gc
import os
import threading
from typing import Any, Awaitable, Callable, Dict, List

import pytest

from cancel_and_wait import cancel_and_wait


async def _forever() -> None:
    await asyncio.Event().wait()


async def _slow_cleanup(log: List[str], go: asyncio.Event) -> None:
    try:
        await _forever()
    finally:
        log.append("cleaning")
        await go.wait()
        log.append("clean")


async def _started(
    coroutine: Awaitable[Any],
) -> "asyncio.Task[Any]":
    task = asyncio.ensure_future(coroutine)
    await asyncio.sleep(0)
    return task


def _run(main: Callable[[], Awaitable[None]]) -> None:
    """Run `main`; fail if it leaves a task or reports an error."""
    reports: List[Dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main()
        gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    assert reports == []


def test_cancelled_task() -> None:
    """Returns True when the task has ended as cancelled."""

    async def main() -> None:
        task = await _started(_forever())
        assert await cancel_and_wait(task) is True
        assert task.cancelled()

    _run(main)


def test_waits_for_cleanup() -> None:
    """Returns only after the task's `finally` has run to its end."""

    async def main() -> None:
        log: List[str] = []
        go = asyncio.Event()
        task = await _started(_slow_cleanup(log, go))
        call = await _started(cancel_and_wait(task))
        await asyncio.sleep(0)
        assert log == ["cleaning"]
        assert not call.done()
        go.set()
        assert await call is True
        assert log == ["cleaning", "clean"]

    _run(main)


def test_not_started() -> None:
    """A task that has not started ends without running at all."""

    async def main() -> None:
        log: List[str] = []

        async def job() -> None:
            log.append("ran")

        assert await cancel_and_wait(asyncio.ensure_future(job()))
        assert log == []

    _run(main)


def test_done_before() -> None:
    """A task that has ended stays as it is: False, or True if it was cancelled."""

    async def main() -> None:
        async def answer() -> int:
            return 42

        task = await _started(answer())
        assert task.done()
        assert await cancel_and_wait(task) is False
        assert task.result() == 42
        gone = await _started(_forever())
        assert await cancel_and_wait(gone) is True
        assert await cancel_and_wait(gone) is True

    _run(main)


def test_refuses_and_returns() -> None:
    """A task that suppresses the cancellation and returns gives False; its result is kept."""

    async def main() -> None:
        async def stubborn() -> str:
            try:
                await _forever()
            except asyncio.CancelledError:
                return "finished anyway"
            return "never"

        task = await _started(stubborn())
        assert await cancel_and_wait(task) is False
        assert task.result() == "finished anyway"

    _run(main)


def test_fails_in_cleanup() -> None:
    """If the task raises, the call returns False; the exception stays in the task and is not raised here."""

    async def main() -> None:
        async def breaks() -> None:
            try:
                await _forever()
            finally:
                raise ValueError("cleanup")

        task = await _started(breaks())
        assert await cancel_and_wait(task) is False
        assert isinstance(task.exception(), ValueError)

    _run(main)


def test_failure_is_still_reported() -> None:
    """An exception that no code retrieves is still reported by asyncio."""
    reports: List[Dict[str, Any]] = []

    async def main() -> None:
        async def breaks() -> None:
            try:
                await _forever()
            finally:
                raise ValueError("cleanup")

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        assert (
            await cancel_and_wait(await _started(breaks())) is False
        )
        gc.collect()

    asyncio.run(main())
    assert [type(one["exception"]) for one in reports] == [
        ValueError
    ]


def test_caller_cancelled_once() -> None:
    """The caller's own cancellation propagates at once; the task continues its cleanup."""

    async def main() -> None:
        log: List[str] = []
        go = asyncio.Event()
        task = await _started(_slow_cleanup(log, go))
        call = await _started(cancel_and_wait(task))
        await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert log == ["cleaning"]
        go.set()
        await asyncio.wait({task})
        assert log == ["cleaning", "clean"]

    _run(main)


def test_caller_cancelled_twice() -> None:
    """A second cancellation of the caller changes nothing for the task."""

    async def main() -> None:
        log: List[str] = []
        go = asyncio.Event()
        task = await _started(_slow_cleanup(log, go))
        call = await _started(cancel_and_wait(task))
        await asyncio.sleep(0)
        call.cancel()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert not task.done()
        go.set()
        await asyncio.wait({task})
        assert log == ["cleaning", "clean"]

    _run(main)


def test_caller_cancelled_before_it_starts() -> None:
    """A caller that is cancelled before its first step cancels no task."""

    async def main() -> None:
        task = await _started(_forever())
        call = asyncio.ensure_future(cancel_and_wait(task))
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await asyncio.sleep(0)
        assert not task.done()
        assert await cancel_and_wait(task)

    _run(main)


def test_both_cancelled_in_one_tick() -> None:
    """Caller and task cancelled in one tick: both end as cancelled."""

    async def main() -> None:
        task = await _started(_forever())
        call = await _started(cancel_and_wait(task))
        task.cancel()
        call.cancel()
        await asyncio.wait({task, call})
        assert task.cancelled()
        assert call.cancelled()

    _run(main)


def test_timeout_gives_up() -> None:
    """A timeout around the call ends the wait for a task that does not end."""

    async def main() -> None:
        go = asyncio.Event()
        log: List[str] = []
        task = await _started(_slow_cleanup(log, go))
        for limit in (0.01, 0, -1):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(cancel_and_wait(task), limit)
        assert not task.done()
        task.cancel()
        await asyncio.wait({task})

    _run(main)


@pytest.mark.parametrize("limit", [0, -1])
def test_timeout_of_zero(limit: float) -> None:
    """`asyncio.wait_for` with a timeout of zero or less does not start the call, so the task is not cancelled."""

    async def main() -> None:
        go = asyncio.Event()
        log: List[str] = []
        task = await _started(_slow_cleanup(log, go))
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(cancel_and_wait(task), limit)
        await asyncio.sleep(0)
        assert log == []
        go.set()
        assert await cancel_and_wait(task)

    _run(main)


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt])
def test_system_exit(kind: "type[BaseException]") -> None:
    """SystemExit or KeyboardInterrupt in the task leaves the loop, and the call does not return."""
    log: List[str] = []

    async def main() -> None:
        async def leaves() -> None:
            try:
                await _forever()
            finally:
                raise kind

        task = await _started(leaves())
        try:
            await cancel_and_wait(task)
            log.append("returned")
        except asyncio.CancelledError:  # asyncio.run cancels main
            log.append("cancelled")
            raise
        finally:
            assert isinstance(task.exception(), kind)

    with pytest.raises(kind):
        asyncio.run(main())
    assert log == ["cancelled"]


def test_itself() -> None:
    """The current task is refused with RuntimeError, and is not cancelled."""

    async def main() -> None:
        me = asyncio.current_task()
        assert me is not None
        with pytest.raises(RuntimeError, match="own end"):
            await cancel_and_wait(me)
        await asyncio.sleep(0)

    _run(main)


def test_other_loop() -> None:
    """A task of another loop or thread is refused, and is not cancelled."""
    ready = threading.Event()
    box: List[Any] = []

    def other() -> None:
        async def main() -> None:
            stop = asyncio.Event()
            task = await _started(_forever())
            box.extend([asyncio.get_running_loop(), task, stop])
            ready.set()
            await stop.wait()
            assert not task.done()
            assert await cancel_and_wait(task)

        asyncio.run(main())

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait()
    loop, task, stop = box

    async def main() -> None:
        with pytest.raises(RuntimeError, match="another loop"):
            await cancel_and_wait(task)

    try:
        _run(main)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
    assert task.cancelled()


def test_twice_and_at_once() -> None:
    """Two callers may stop one task; both wait for its end."""

    async def main() -> None:
        task = await _started(_forever())
        answers = await asyncio.gather(
            cancel_and_wait(task), cancel_and_wait(task)
        )
        assert list(answers) == [True, True]

    _run(main)


def test_again_during_the_cleanup() -> None:
    """A second call during the cleanup cancels again, and interrupts an await there."""

    async def main() -> None:
        log: List[str] = []
        task = await _started(_slow_cleanup(log, asyncio.Event()))
        first = await _started(cancel_and_wait(task))
        await asyncio.sleep(0)
        assert log == ["cleaning"]
        assert not first.done()
        assert await cancel_and_wait(task) is True
        assert await first is True
        assert log == ["cleaning"]

    _run(main)


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls leave no task, thread or descriptor."""

    async def main() -> None:
        for _ in range(100):
            task = await _started(_forever())
            assert await cancel_and_wait(task)

    _run(main)
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    _run(main)
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
