# SPDX-License-Identifier: 0BSD
"""What `BackgroundTasks` promises, one test each."""

import asyncio
import gc
import os
import sys
import threading
import weakref
from typing import Any, Awaitable, Callable, Dict, List

import pytest

from background_tasks import BackgroundTasks


async def _ticks(number: int = 5) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def _started(work: Awaitable[Any]) -> "asyncio.Task[Any]":
    task = asyncio.ensure_future(work)
    assert isinstance(task, asyncio.Task)
    await _ticks()
    return task


def _run(main: Callable[[], Awaitable[None]]) -> List[Any]:
    """Run `main`; fail if it leaves a task; return what was reported."""
    reports: List[Any] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(
            lambda _, c: reports.append(c["exception"])
        )
        await main()
        await asyncio.sleep(0)  # this step holds what it was thrown
        gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    return reports


class _Job:
    """A task that ends when the test says so, and logs what happened."""

    def __init__(self) -> None:
        self.log: List[str] = []
        self.end = asyncio.Event()
        self.clean = asyncio.Event()
        self.result: Any = None

    async def run(self) -> Any:
        self.log.append("began")
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.log.append("cleaning")
            try:
                await self.clean.wait()
            except asyncio.CancelledError:
                self.log.append("cut off")
                raise
            self.log.append("clean")
            raise
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result

    def ends(self, result: Any) -> None:
        self.result = result
        self.end.set()


def _jobs(*cleaning: bool) -> List[_Job]:
    """Jobs; those with True clean up until `clean` is set."""
    jobs: List[_Job] = []
    for slow in cleaning:
        jobs.append(_Job())
        if not slow:
            jobs[-1].clean.set()
    return jobs


async def _fails_in_cleanup() -> None:
    try:
        await asyncio.Event().wait()
    finally:
        raise OSError("cleanup")


async def _stubborn() -> str:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        return "finished anyway"
    return "never"


def test_runs() -> None:
    """`spawn` starts a coroutine and returns its task; `len` counts those that have not ended."""

    async def main() -> None:
        tasks = BackgroundTasks()
        jobs = _jobs(False, False)
        first, second = [tasks.spawn(j.run()) for j in jobs]
        await _ticks()
        assert [j.log for j in jobs] == [["began"], ["began"]]
        assert len(tasks) == 2
        jobs[0].ends("done")
        assert await first == "done"
        assert len(tasks) == 1
        await tasks.aclose()
        assert second.cancelled()
        assert len(tasks) == 0

    assert _run(main) == []


def test_name() -> None:
    """A task gets the name that it is given by keyword, or one from asyncio."""

    async def main() -> None:
        async with BackgroundTasks() as tasks:
            job = _jobs(False)[0]
            named = tasks.spawn(job.run(), name="mail")
            other = tasks.spawn(job.run())
            assert named.get_name() == "mail"
            assert other.get_name().startswith("Task-")
            work = job.run()
            with pytest.raises(TypeError):
                tasks.spawn(work, "mail")  # type: ignore[call-arg]
            work.close()

    assert _run(main) == []


def test_held() -> None:
    """While you keep the object, the garbage collector cannot take a task that has not ended; a task that has ended is freed."""

    async def main() -> None:
        tasks = BackgroundTasks()
        ended: List[str] = []
        box: "List[weakref.ref[asyncio.Future[None]]]" = []

        async def waits_for_an_orphan() -> None:
            try:
                future = asyncio.get_running_loop().create_future()
                box.append(weakref.ref(future))
                await future
            finally:
                ended.append("ended")

        task = weakref.ref(tasks.spawn(waits_for_an_orphan()))
        await _ticks()
        gc.collect()
        assert ended == []
        orphan = box[0]()
        assert orphan is not None
        orphan.set_result(None)
        del orphan
        await _ticks()
        assert ended == ["ended"]
        gc.collect()
        assert task() is None
        await tasks.aclose()

    assert _run(main) == []


def test_failure_is_reported() -> None:
    """A failure is reported once and at once, even if other code holds the task; the others go on."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        reports: List[Dict[str, Any]] = []
        loop.set_exception_handler(lambda _, c: reports.append(c))
        tasks = BackgroundTasks()
        jobs = _jobs(False, False)
        failing, other = [tasks.spawn(j.run()) for j in jobs]
        await _ticks()
        error = ValueError("bad")
        jobs[0].ends(error)
        await asyncio.wait({failing})
        assert len(reports) == 1
        assert reports[0]["exception"] is error
        assert reports[0]["task"] is failing
        assert reports[0]["message"] == "a background task failed"
        assert len(tasks) == 1
        del failing
        await _ticks()
        gc.collect()
        assert len(reports) == 1
        assert not other.done()
        await tasks.aclose()

    assert _run(main) == []


def test_failure_is_raised_too() -> None:
    """Code that awaits the task gets its exception, which is reported as well."""

    async def main() -> None:
        async with BackgroundTasks() as tasks:
            job = _jobs(False)[0]
            job.ends(ValueError("bad"))
            with pytest.raises(ValueError, match="bad"):
                await tasks.spawn(job.run())

    assert [str(one) for one in _run(main)] == ["bad"]


def test_cancelled_task() -> None:
    """A task that is cancelled has not failed, and the others go on."""

    async def main() -> None:
        tasks = BackgroundTasks()
        jobs = _jobs(False, False)
        first, second = [tasks.spawn(j.run()) for j in jobs]
        await _ticks()
        first.cancel()
        await asyncio.wait({first})
        assert len(tasks) == 1
        assert not second.done()
        await tasks.aclose()

    assert _run(main) == []


def test_aclose() -> None:
    """`aclose` cancels all tasks, and returns when they have cleaned up."""

    async def main() -> None:
        tasks = BackgroundTasks()
        jobs = _jobs(True, True)
        for job in jobs:
            tasks.spawn(job.run())
        await _ticks()
        closing = await _started(tasks.aclose())
        jobs[0].clean.set()
        await _ticks()
        assert not closing.done()
        assert len(tasks) == 1
        jobs[1].clean.set()
        await closing
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]
        assert len(tasks) == 0

    assert _run(main) == []


def test_aclose_of_nothing() -> None:
    """`aclose` without a task, or with tasks that have just ended, returns."""

    async def main() -> None:
        tasks = BackgroundTasks()
        job = _jobs(False)[0]
        job.ends("done")
        task = tasks.spawn(job.run())
        await asyncio.sleep(0)
        assert task.done()
        assert len(tasks) == 0
        await tasks.aclose()
        assert len(tasks) == 0
        await BackgroundTasks().aclose()

    assert _run(main) == []


def test_not_started() -> None:
    """A task that has not started when `aclose` is called never runs."""

    async def main() -> None:
        tasks = BackgroundTasks()
        job = _jobs(False)[0]
        tasks.spawn(job.run())
        await tasks.aclose()
        assert job.log == []

    assert _run(main) == []


def test_block() -> None:
    """Leaving `async with` closes, also when the body raises; its exception is raised."""

    async def main() -> None:
        job = _jobs(False)[0]

        async def block() -> None:
            async with BackgroundTasks() as tasks:
                tasks.spawn(job.run())
                await _ticks()
                raise KeyError("body")

        with pytest.raises(KeyError, match="body"):
            await block()
        assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_block_cancelled() -> None:
    """A block that is cancelled waits for its tasks, and stays cancelled."""

    async def main() -> None:
        job = _jobs(True)[0]

        async def block() -> None:
            async with BackgroundTasks() as tasks:
                tasks.spawn(job.run())
                await asyncio.Event().wait()

        call = await _started(block())
        call.cancel()
        await _ticks()
        assert not call.done()
        job.clean.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_spawn_after_aclose() -> None:
    """After `aclose`, and during it, `spawn` raises RuntimeError and closes the coroutine."""

    async def main() -> None:
        tasks = BackgroundTasks()
        seen: List[str] = []

        async def respawns() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                try:
                    tasks.spawn(_stubborn())
                except RuntimeError as error:
                    seen.append(str(error))

        tasks.spawn(respawns())
        await _ticks()
        await tasks.aclose()
        assert seen == ["these tasks are closed"]
        with pytest.raises(RuntimeError, match="closed"):
            tasks.spawn(_stubborn())

    assert _run(main) == []


@pytest.mark.parametrize("requests", [1, 2])
def test_caller_cancelled(requests: int) -> None:
    """A caller of `aclose` that is cancelled, once or twice, ends at once; the tasks finish their cleanup, still held."""

    async def main() -> None:
        tasks = BackgroundTasks()
        job = _jobs(True)[0]
        tasks.spawn(job.run())
        await _ticks()
        closing = await _started(tasks.aclose())
        for _ in range(requests):
            closing.cancel()
        await asyncio.wait({closing})
        assert closing.cancelled()
        assert job.log == ["began", "cleaning"]
        assert len(tasks) == 1
        gc.collect()
        again = await _started(tasks.aclose())
        assert not again.done()
        job.clean.set()
        await again
        assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_caller_cancelled_before_it_starts() -> None:
    """A call of `aclose` that is cancelled before its first step closes nothing."""

    async def main() -> None:
        tasks = BackgroundTasks()
        job = _jobs(False)[0]
        tasks.spawn(job.run())
        await _ticks()
        closing = asyncio.ensure_future(tasks.aclose())
        closing.cancel()
        await asyncio.wait({closing})
        assert closing.cancelled()
        assert job.log == ["began"]
        other = tasks.spawn(_stubborn())
        await tasks.aclose()
        assert other.cancelled()

    assert _run(main) == []


def test_aclose_twice() -> None:
    """Two calls of `aclose`, at once or one after the other, both wait; the second cancels nothing."""

    async def main() -> None:
        tasks = BackgroundTasks()
        job = _jobs(True)[0]
        tasks.spawn(job.run())
        await _ticks()
        calls = [await _started(tasks.aclose()) for _ in range(2)]
        assert [one.done() for one in calls] == [False, False]
        job.clean.set()
        await asyncio.gather(*calls)
        await tasks.aclose()
        assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_timeout_gives_up() -> None:
    """A timeout around `aclose`, also of zero or less, ends the wait for a task that does not end."""

    async def main() -> None:
        tasks = BackgroundTasks()
        job = _jobs(True)[0]
        tasks.spawn(job.run())
        await _ticks()
        for limit in (0.01, 0, -1):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(tasks.aclose(), limit)
        assert job.log == ["began", "cleaning"]
        job.clean.set()
        await tasks.aclose()

    assert _run(main) == []


def test_suppresses_and_fails() -> None:
    """A task that suppresses its cancellation is waited for; one that fails in its cleanup is reported."""

    async def main() -> None:
        tasks = BackgroundTasks()
        stubborn = tasks.spawn(_stubborn())
        tasks.spawn(_fails_in_cleanup())
        await _ticks()
        await tasks.aclose()
        assert await stubborn == "finished anyway"

    assert [str(one) for one in _run(main)] == ["cleanup"]


def test_aclose_from_inside() -> None:
    """One of the tasks cannot call `aclose`: RuntimeError, and nothing is closed."""

    async def main() -> None:
        tasks = BackgroundTasks()
        job = _jobs(False)[0]

        async def closer() -> None:
            with pytest.raises(RuntimeError, match="own end"):
                await tasks.aclose()

        tasks.spawn(job.run())
        await tasks.spawn(closer())
        assert job.log == ["began"]
        job.ends("done")
        assert await tasks.spawn(job.run()) == "done"

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="eager tasks are new in 3.12"
)
def test_eager_tasks() -> None:
    """An eager task cannot call `aclose` in its first step, and is not counted when it has ended."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        library: Any = asyncio
        loop.set_task_factory(library.eager_task_factory)
        tasks = BackgroundTasks()
        lengths: List[int] = []

        async def closer() -> None:
            lengths.append(len(tasks))
            with pytest.raises(RuntimeError, match="own end"):
                await tasks.aclose()

        async def starts_one_that_closes() -> None:
            await asyncio.ensure_future(closer())

        for work in (closer, starts_one_that_closes):
            assert tasks.spawn(work()).done()
            assert len(tasks) == 0
        assert lengths == [1, 1]
        job = _jobs(False)[0]
        tasks.spawn(job.run())
        await tasks.aclose()
        assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_aclose_by_a_task_that_a_task_awaits() -> None:
    """A task that awaits the caller of `aclose` passes its cancellation on: both end, neither hangs."""

    async def main() -> None:
        tasks = BackgroundTasks()

        async def waits() -> None:
            await asyncio.ensure_future(tasks.aclose())

        task = tasks.spawn(waits())
        await asyncio.wait({task})
        assert task.cancelled()
        assert len(tasks) == 0

    assert _run(main) == []


def test_other_loop() -> None:
    """Another loop, another thread, or no loop is a RuntimeError, and nothing is spawned or closed."""
    errors: List[str] = []

    async def main() -> None:
        tasks = BackgroundTasks()
        job = _jobs(False)[0]
        tasks.spawn(job.run())
        await _ticks()

        async def spawns() -> None:
            tasks.spawn(_stubborn())

        def without_a_loop() -> None:
            try:
                tasks.spawn(_stubborn())
            except RuntimeError as error:
                errors.append(str(error))
            for work in (spawns, tasks.aclose):
                try:
                    asyncio.run(work())
                except RuntimeError as error:
                    errors.append(str(error))

        thread = threading.Thread(target=without_a_loop)
        thread.start()
        thread.join()
        await _ticks()
        assert job.log == ["began"]
        assert len(tasks) == 1
        await tasks.aclose()

    assert _run(main) == []
    assert errors == [
        "no running event loop",
        "these tasks belong to another loop",
        "these tasks belong to another loop",
    ]


def test_made_without_a_loop() -> None:
    """Without a running loop it cannot be made: RuntimeError."""
    with pytest.raises(RuntimeError, match="no running event loop"):
        BackgroundTasks()


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred blocks leave no task, thread or file descriptor."""

    async def main() -> None:
        for _ in range(100):
            async with BackgroundTasks() as tasks:
                for job in _jobs(False, False, False):
                    tasks.spawn(job.run())
                await asyncio.sleep(0)

    assert _run(main) == []
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    assert _run(main) == []
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
