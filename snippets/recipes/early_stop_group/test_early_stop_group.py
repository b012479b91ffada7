# SPDX-License-Identifier: 0BSD
"""What the `TaskGroup` of `early_stop_group` promises, one test each."""

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from inspect import CORO_CLOSED, getcoroutinestate
from typing import Any

import pytest

from early_stop_group import TaskGroup


async def _forever() -> None:
    await asyncio.Event().wait()


async def _turns() -> None:
    """Let the loop go round, more often than anything here needs."""
    for _ in range(20):
        await asyncio.sleep(0)


async def _started(
    coroutine: Awaitable[Any],
) -> "asyncio.Task[Any]":
    task = asyncio.ensure_future(coroutine)
    await _turns()
    return task


def _me() -> "asyncio.Task[Any]":
    task = asyncio.current_task()
    assert task is not None
    return task


def _run(main: Callable[[], Awaitable[None]]) -> None:
    """Run `main`; fail if it leaves a task, a request or a report."""
    reports: list[dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        await main()
        assert _me().cancelling() == 0
        await asyncio.sleep(0)
        gc.collect()
        assert asyncio.all_tasks() == {_me()}

    asyncio.run(watched())
    assert reports == []


class Child:
    """Tasks that write down what happens to them."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.go = asyncio.Event()

    async def plain(self) -> None:
        self.log.append("started")
        try:
            await _forever()
        except asyncio.CancelledError:
            self.log.append("asked")
            raise

    async def slow(self) -> None:
        try:
            await _forever()
        finally:
            self.log.append("cleaning")
            await self.go.wait()
            self.log.append("clean")

    async def breaks(self) -> None:
        try:
            await _forever()
        finally:
            raise ValueError("cleanup")


def test_in_the_body() -> None:
    """Called in the body, it ends body and tasks, and no exception leaves the block."""

    async def main() -> None:
        child, log = Child(), ["before"]
        async with TaskGroup() as group:
            first = group.create_task(child.plain())
            second = group.create_task(child.plain())
            await _turns()
            group.cancel()
            log.append("on to the next await")
            await _forever()
            log.append("never")
        assert log == ["before", "on to the next await"]
        assert child.log == ["started"] * 2 + ["asked"] * 2
        assert first.cancelled()
        assert second.cancelled()

    _run(main)


def test_in_the_body_at_its_end() -> None:
    """Called in a body that has no further await, it ends the tasks."""

    async def main() -> None:
        child = Child()
        async with TaskGroup() as group:
            group.create_task(child.plain())
            await _turns()
            group.cancel()
        assert child.log == ["started", "asked"]

    _run(main)


def test_without_tasks() -> None:
    """A group without tasks can be cancelled, with or without another await."""

    async def main() -> None:
        async with TaskGroup() as group:
            group.cancel()
        await asyncio.sleep(0)
        async with TaskGroup() as group:
            group.cancel()
            await _forever()
        await asyncio.sleep(0)

    _run(main)


def test_in_a_task() -> None:
    """Called in a task of the group, it ends the others, the body and that task."""

    async def main() -> None:
        child, log = Child(), ["body"]

        async def stop() -> None:
            group.cancel()
            try:
                await _forever()
            finally:
                log.append("stopper")

        async with TaskGroup() as group:
            group.create_task(child.plain())
            group.create_task(stop())
            try:
                await _forever()
            finally:
                log.append("closed")
        assert sorted(log) == ["body", "closed", "stopper"]
        assert child.log == ["started", "asked"]

    _run(main)


def test_in_a_task_as_the_block_waits() -> None:
    """Called when the body has ended and the block waits, it ends the tasks."""

    async def main() -> None:
        child = Child()

        async def stop() -> None:
            await _turns()
            group.cancel()

        async with TaskGroup() as group:
            group.create_task(child.plain())
            task = group.create_task(stop())
        assert child.log == ["started", "asked"]
        assert task.done()

    _run(main)


def test_in_a_callback() -> None:
    """Called in a callback, or from a thread through the loop, it ends the group."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        async with TaskGroup() as group:
            group.create_task(_forever())
            loop.call_soon(group.cancel)
            await _forever()
        async with TaskGroup() as group:
            group.create_task(_forever())
            threading.Thread(
                target=loop.call_soon_threadsafe,
                args=[group.cancel],
            ).start()
            await _forever()

    _run(main)


def test_again() -> None:
    """Called more than once, it cancels body and tasks only once."""

    async def main() -> None:
        child = Child()

        async def body() -> None:
            async with TaskGroup() as group:
                groups.append(group)
                group.create_task(child.slow())
                try:
                    await _forever()
                finally:
                    child.log.append("body")
                    await _turns()
                    child.log.append("body clean")

        groups: list[TaskGroup] = []
        task = await _started(body())
        for _ in range(3):
            groups[0].cancel()
            groups[0].cancel()
            await _turns()
        assert not task.done()
        child.go.set()
        await task
        assert sorted(child.log) == [
            "body",
            "body clean",
            "clean",
            "cleaning",
        ]

    _run(main)


def test_before_the_block() -> None:
    """Called before the block is entered, it cancels the body at its first wait."""

    async def main() -> None:
        log: list[str] = []
        group = TaskGroup()
        group.cancel()
        group.cancel()
        async with group:
            log.append("entered")
            await asyncio.sleep(0)
            log.append("never")
        assert log == ["entered"]

    _run(main)


def test_after_the_block() -> None:
    """Called after the block, it has no effect."""

    async def main() -> None:
        async with TaskGroup() as group:
            group.create_task(asyncio.sleep(0))
        group.cancel()
        await _turns()
        async with TaskGroup() as group:
            group.cancel()
            await _forever()
        group.cancel()
        await _turns()
        with pytest.raises(ExceptionGroup):
            async with TaskGroup() as group:
                raise ValueError("body")
        group.cancel()
        await _turns()

    _run(main)


def test_no_task_after_it() -> None:
    """After it no task can be created: RuntimeError, and the coroutine is closed."""

    async def main() -> None:
        async with TaskGroup() as group:
            group.create_task(_forever())
            group.cancel()
            late = _forever()
            with pytest.raises(
                RuntimeError, match=r"is shutting down$"
            ):
                group.create_task(late)
            assert getcoroutinestate(late) == CORO_CLOSED
            await _forever()
        group = TaskGroup()
        group.cancel()
        async with group:
            late = _forever()
            with pytest.raises(RuntimeError):
                group.create_task(late)
            late.close()
        late = _forever()
        with pytest.raises(RuntimeError):
            group.create_task(late)
        late.close()

    _run(main)


def test_without_it() -> None:
    """Without it the group is a plain TaskGroup: results, names, contexts."""

    async def main() -> None:
        seen: ContextVar[int] = ContextVar("seen", default=0)

        async def job() -> int:
            return seen.get()

        async with TaskGroup() as group:
            assert isinstance(group, asyncio.TaskGroup)
            one = group.create_task(job(), name="one")
            seen.set(7)
            two = group.create_task(job())
        assert one.get_name() == "one"
        assert (one.result(), two.result()) == (0, 7)
        with pytest.raises(RuntimeError):
            async with group:
                pass

    _run(main)


def test_waits_for_cleanup() -> None:
    """The block ends only when the tasks have cleaned up."""

    async def main() -> None:
        child = Child()

        async def body() -> None:
            async with TaskGroup() as group:
                group.create_task(child.slow())
                await _turns()
                group.cancel()
                await _forever()

        task = await _started(body())
        await _turns()
        assert child.log == ["cleaning"]
        assert not task.done()
        child.go.set()
        await task
        assert child.log == ["cleaning", "clean"]

    _run(main)


def test_body_swallows_it() -> None:
    """A body that swallows the cancellation continues, and its tasks are cancelled nevertheless."""

    async def main() -> None:
        child = Child()
        async with TaskGroup() as group:
            group.create_task(child.plain())
            await _turns()
            group.cancel()
            try:
                await _forever()
            except asyncio.CancelledError:
                child.log.append("swallowed")
            await _turns()
            child.log.append("went on")
        assert sorted(child.log) == [
            "asked",
            "started",
            "swallowed",
            "went on",
        ]

    _run(main)


def test_failure_of_a_task() -> None:
    """The exception of a task that fails while it is cancelled leaves in an exception group."""

    async def main() -> None:
        with pytest.raises(ExceptionGroup) as caught:
            async with TaskGroup() as group:
                group.create_task(Child().breaks())
                await _turns()
                group.cancel()
                await _forever()
        assert [str(e) for e in caught.value.exceptions] == [
            "cleanup"
        ]
        assert _me().cancelling() == 0
        await asyncio.sleep(0)

    _run(main)


def test_failure_of_the_body() -> None:
    """The exception of a body that fails afterwards leaves in an exception group."""

    async def main() -> None:
        for await_first in (False, True):
            with pytest.raises(ExceptionGroup) as caught:
                async with TaskGroup() as group:
                    group.create_task(_forever())
                    await _turns()
                    group.cancel()
                    try:
                        if await_first:
                            await _forever()
                    finally:
                        raise ValueError("body")
            assert [str(e) for e in caught.value.exceptions] == [
                "body"
            ]
            assert _me().cancelling() == 0
            await asyncio.sleep(0)

    _run(main)


def test_failure_without_it() -> None:
    """A task that fails stops the group, and its exception leaves in an exception group."""

    async def main() -> None:
        async def fails() -> None:
            raise ValueError("one")

        child = Child()
        with pytest.raises(ExceptionGroup) as caught:
            async with TaskGroup() as group:
                group.create_task(child.plain())
                await _turns()
                group.create_task(fails())
                await _forever()
        assert [str(e) for e in caught.value.exceptions] == ["one"]
        assert child.log == ["started", "asked"]

    _run(main)


@pytest.mark.parametrize("requests", [1, 2])
def test_cancelled_from_outside(requests: int) -> None:
    """Without it, a cancellation from outside leaves the block, even one of two."""

    async def main() -> None:
        child = Child()

        async def body() -> None:
            async with TaskGroup() as group:
                group.create_task(child.plain())
                await _forever()

        task = await _started(body())
        for _ in range(requests):
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert child.log == ["started", "asked"]
        assert task.cancelling() == requests

    _run(main)


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("first", ["outside", "group"])
@pytest.mark.parametrize("turns", [0, 20])
def test_cancelled_from_outside_too(
    waits: bool, first: str, turns: int
) -> None:
    """Cancelled from outside before it, after it or in one tick: CancelledError leaves."""

    async def main() -> None:
        child = Child()
        groups: list[TaskGroup] = []

        async def body() -> None:
            async with TaskGroup() as group:
                groups.append(group)
                group.create_task(child.slow())
                if not waits:
                    await _forever()

        task = await _started(body())
        requests: list[Callable[[], object]]
        requests = [task.cancel, groups[0].cancel]
        if first == "group":
            requests.reverse()
        requests[0]()
        for _ in range(turns):
            await asyncio.sleep(0)
        requests[1]()
        await _turns()
        assert child.log == ["cleaning"]
        assert not task.done()
        child.go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert child.log == ["cleaning", "clean"]
        assert task.cancelling() == 1

    _run(main)


def test_cancelled_twice_from_outside_too() -> None:
    """Two cancellations from outside after it: CancelledError leaves, and the group cancels its tasks once."""

    async def main() -> None:
        child = Child()
        groups: list[TaskGroup] = []

        async def body() -> None:
            async with TaskGroup() as group:
                groups.append(group)
                group.create_task(child.slow())
                await _forever()

        task = await _started(body())
        groups[0].cancel()
        for _ in range(2):
            task.cancel()
            await _turns()
        assert child.log == ["cleaning"]
        child.go.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelling() == 2

    _run(main)


def test_cancelled_before_the_start() -> None:
    """A task that was cancelled before it enters the block ends as cancelled, whether `cancel` was called or not."""

    async def main() -> None:
        async def body(before: bool) -> None:
            group = TaskGroup()
            _me().cancel()
            if before:
                group.cancel()
            async with group:
                group.cancel()
                await _forever()

        for before in (False, True):
            task = await _started(body(before))
            assert task.cancelled()
            assert task.cancelling() == 1

    _run(main)


@pytest.mark.skipif(
    sys.version_info >= (3, 15),
    reason="3.15 enters the block",
)
def test_no_task_before_the_block() -> None:
    """A block that a cancelled task does not get into has no tasks: until it is entered, `create_task` raises RuntimeError."""

    async def main() -> None:
        refused: list[str] = []
        group = TaskGroup()

        def add() -> None:
            late = _forever()
            try:
                group.create_task(late)
            except RuntimeError as error:
                refused.append(str(error))
                late.close()

        async def body() -> None:
            _me().cancel()
            asyncio.get_running_loop().call_soon(add)
            async with group:
                raise AssertionError("entered")

        task = await _started(body())
        assert task.cancelled()
        assert len(refused) == 1
        assert asyncio.all_tasks() == {_me()}

    _run(main)


@pytest.mark.skipif(
    sys.version_info >= (3, 15),
    reason="3.15 ends the block with CancelledError",
)
def test_while_entering() -> None:
    """Called while a cancelled task enters the block in its cleanup, it cancels the body once, and takes that back."""

    async def main() -> None:
        counts: list[int] = []

        async def cleans_up() -> None:
            try:
                await _forever()
            finally:
                group = TaskGroup()
                loop = asyncio.get_running_loop()
                loop.call_soon(group.cancel)
                async with group:
                    await _forever()
                counts.append(_me().cancelling())

        task = await _started(cleans_up())
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
        assert counts == [1]

    _run(main)


def test_timeouts() -> None:
    """A timeout around it, in it or in one of its tasks works as usual."""

    async def main() -> None:
        async with TaskGroup() as group:
            group.create_task(_forever())
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0):
                    await _forever()
            group.cancel()
            await _forever()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                async with TaskGroup() as group:
                    group.create_task(_forever())
        async with asyncio.timeout(60) as limit:
            async with TaskGroup() as group:
                group.create_task(_forever())
                group.cancel()
                async with asyncio.timeout(60):
                    await _forever()
        assert not limit.expired()

    _run(main)


def test_nested() -> None:
    """Of nested groups, it ends the one that it is called on, and the groups inside."""

    async def main() -> None:
        log: list[str] = []
        async with TaskGroup() as outer:
            async with TaskGroup() as inner:
                inner.create_task(_forever())
                inner.cancel()
                await _forever()
            log.append("outer goes on")
            async with TaskGroup() as inner:
                inner.create_task(_forever())
                outer.cancel()
                await _forever()
            log.append("never")
        assert log == ["outer goes on"]
        async with TaskGroup() as outer:
            async with TaskGroup() as inner:
                inner.create_task(_forever())
                inner.cancel()
                outer.cancel()
                await _forever()
            await _forever()

    _run(main)


def test_after_a_handled_failure() -> None:
    """It ends without an exception also in a task that handled the failure of another group."""

    async def main() -> None:
        async def fails() -> None:
            await asyncio.sleep(0)
            raise ValueError("one")

        with pytest.raises(ExceptionGroup):
            async with asyncio.TaskGroup() as plain:
                plain.create_task(fails())
        left = _me().cancelling()
        async with TaskGroup() as group:
            group.create_task(_forever())
            group.cancel()
            await _forever()
        assert _me().cancelling() == left
        for _ in range(left):  # Pythons before 3.13 leave one
            _me().uncancel()

    _run(main)


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="no eager tasks before 3.12"
)
def test_eager_tasks() -> None:
    """It can be called in a task that starts eagerly."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(vars(asyncio)["eager_task_factory"])
        child = Child()

        async def stop() -> None:
            group.cancel()

        async with TaskGroup() as group:
            group.create_task(child.plain())
            group.create_task(stop())
            await _forever()
        assert child.log == ["started", "asked"]
        await asyncio.sleep(0)

    _run(main)


def test_a_task_that_refuses() -> None:
    """A task that does not end blocks the end of the block; its result is kept."""

    async def main() -> None:
        go = asyncio.Event()

        async def refuses() -> str:
            try:
                await _forever()
            except asyncio.CancelledError:
                await go.wait()
            return "finished"

        async def body() -> str:
            async with TaskGroup() as group:
                task = group.create_task(refuses())
                await _turns()
                group.cancel()
            return task.result()

        task = await _started(body())
        await _turns()
        assert not task.done()
        go.set()
        assert await task == "finished"

    _run(main)


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred groups leave no task, thread or descriptor."""

    async def main() -> None:
        for _ in range(100):
            async with TaskGroup() as group:
                group.create_task(_forever())
                await asyncio.sleep(0)
                group.cancel()
                await _forever()

    _run(main)
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    _run(main)
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
