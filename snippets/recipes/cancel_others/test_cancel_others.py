# SPDX-License-Identifier: 0BSD
"""What `cancel_others` promises, one test each."""

import asyncio
import gc
import math
import os
import threading
from typing import Any, Awaitable, Callable, List, Optional

import pytest

from cancel_others import cancel_others


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


async def _suppresses(stop: asyncio.Event, log: List[str]) -> None:
    while not stop.is_set():
        try:
            await stop.wait()
        except asyncio.CancelledError:
            log.append("no")


def test_all_others() -> None:
    """Cancels every other task, waits until all have cleaned up, and returns an empty set."""

    async def main() -> None:
        jobs = _jobs(False, False, False)
        for job in jobs:
            await _started(job.run())
        assert await cancel_others() == set()
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_waits_for_cleanup() -> None:
    """Without a limit, it returns when the last cleanup has ended."""

    async def main() -> None:
        jobs = _jobs(True, True)
        tasks = [await _started(job.run()) for job in jobs]
        for number in (0, 1):
            asyncio.get_running_loop().call_later(
                0.01 * number, jobs[number].clean.set
            )
        await cancel_others()
        assert [task.cancelled() for task in tasks] == [True, True]
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_no_other_task() -> None:
    """If there is no other task, it returns at once, whatever the limit."""

    async def main() -> None:
        for grace in (None, 1, 0, -1):
            assert await cancel_others(grace) == set()

    assert _run(main) == []


def test_not_started() -> None:
    """A task that has not started ends without running at all."""

    async def main() -> None:
        job = _jobs(False)[0]
        task = asyncio.ensure_future(job.run())
        assert await cancel_others() == set()
        assert task.cancelled()
        assert job.log == []

    assert _run(main) == []


def test_late_task_is_returned() -> None:
    """A task that still runs when the time is up is returned; it was cancelled once."""

    async def main() -> None:
        stop = asyncio.Event()
        log: List[str] = []
        stubborn = await _started(_suppresses(stop, log))
        job = _jobs(False)[0]
        await _started(job.run())
        assert await cancel_others(grace=0.05) == {stubborn}
        assert job.log == ["began", "cleaning", "clean"]
        assert log == ["no"]
        assert not stubborn.done()
        stop.set()
        await stubborn

    assert _run(main) == []


@pytest.mark.parametrize("grace", [0, -1])
def test_no_grace(grace: float) -> None:
    """With zero seconds or less, it cancels all tasks, waits for none, and returns all."""

    async def main() -> None:
        jobs = _jobs(False, False)
        tasks = {await _started(job.run()) for job in jobs}
        assert await cancel_others(grace) == tasks
        for job in jobs:
            assert job.log == ["began"]
        await asyncio.wait(tasks)
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_limit_is_kept() -> None:
    """It waits no longer than the limit for a task that suppresses its cancellation."""

    async def main() -> None:
        stop = asyncio.Event()
        stubborn = await _started(_suppresses(stop, []))
        late: List[bool] = []
        loop = asyncio.get_running_loop()
        timer = loop.call_later(0.9, late.append, True)
        assert await cancel_others(grace=0.01) == {stubborn}
        assert late == []
        timer.cancel()
        stop.set()
        await stubborn

    assert _run(main) == []


def test_enough_grace() -> None:
    """With a limit that is long enough, also `math.inf`, it returns when all have ended."""

    async def main() -> None:
        for grace in (3600, math.inf):
            job = _jobs(False)[0]
            await _started(job.run())
            assert await cancel_others(grace) == set()
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


@pytest.mark.parametrize("slow", [True, False])
def test_started_in_cleanup(slow: bool) -> None:
    """Without a limit, a task that another one starts while it cleans up is cancelled too, in the end."""

    async def main() -> None:
        late = _jobs(False)[0]
        tasks: "List[asyncio.Task[Any]]" = []

        async def restarts() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                tasks.append(asyncio.ensure_future(late.run()))
                if slow:
                    await _ticks()

        await _started(restarts())
        assert await cancel_others() == set()
        assert tasks[0].cancelled()
        assert late.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_helper_of_a_cleanup() -> None:
    """A task that a cleanup awaits, as `gather` or `wait_for` starts one, is not cancelled when others end."""

    async def main() -> None:
        log: List[str] = []
        quick, never = _jobs(False)[0], asyncio.Event()

        async def closes() -> None:
            await _ticks(20)
            log.append("closed")

        async def works() -> None:
            try:
                await never.wait()
            finally:
                await asyncio.gather(closes())

        await _started(works())
        await _started(quick.run())
        assert await cancel_others() == set()
        assert log == ["closed"]

    assert _run(main) == []


def test_many_end_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many tasks end one after the other, it looks for new tasks only when all have ended."""
    looks: List[int] = []
    all_tasks = asyncio.all_tasks

    def counted() -> "set[asyncio.Task[Any]]":
        looks.append(1)
        return all_tasks()

    async def main() -> None:
        lock, never = asyncio.Lock(), asyncio.Event()

        async def works() -> None:
            try:
                await never.wait()
            finally:
                async with lock:
                    await asyncio.sleep(0)

        for _ in range(50):
            await _started(works())
        with monkeypatch.context() as patch:
            patch.setattr(asyncio, "all_tasks", counted)
            assert await cancel_others() == set()
        assert len(looks) == 2

    assert _run(main) == []


def test_grace_is_not_a_number() -> None:
    """A limit that is NaN is a ValueError; no task is cancelled."""

    async def main() -> None:
        job = _jobs(False)[0]
        task = await _started(job.run())
        with pytest.raises(ValueError, match="not a number"):
            await cancel_others(math.nan)
        assert job.log == ["began"]
        job.ends("done")
        assert await task == "done"

    assert _run(main) == []


def test_cancelled_once() -> None:
    """A cleanup that takes long is not interrupted when other tasks end."""

    async def main() -> None:
        jobs = _jobs(True, False)
        for job in jobs:
            await _started(job.run())
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, jobs[0].clean.set)
        assert await cancel_others() == set()
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_endless_restarts() -> None:
    """Tasks that start each other endlessly are returned when the time is up."""

    async def main() -> None:
        go_on = [True]

        async def restarts() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                if go_on[0]:
                    fresh = asyncio.ensure_future(restarts())
                    await asyncio.sleep(0)
                    assert not fresh.done()

        await _started(restarts())
        left = await cancel_others(grace=0.02)
        assert left
        go_on[0] = False
        await cancel_others()

    assert _run(main) == []


def test_outcomes_stay() -> None:
    """What a task returns or raises stays in it; asyncio reports a failure that no code retrieves."""

    async def main() -> None:
        stubborn = await _started(_stubborn())
        await _started(_fails_in_cleanup())
        assert await cancel_others() == set()
        assert await stubborn == "finished anyway"

    assert [str(one) for one in _run(main)] == ["cleanup"]


def test_caller_goes_on() -> None:
    """The caller is not cancelled, and can await as before."""

    async def main() -> None:
        job = _jobs(False)[0]
        await _started(job.run())
        await cancel_others()
        await _ticks()
        late = _jobs(False)[0]
        late.ends("still here")
        assert await late.run() == "still here"

    assert _run(main) == []


@pytest.mark.parametrize("requests", [1, 2])
def test_caller_cancelled(requests: int) -> None:
    """A caller that is cancelled, once or twice, ends at once; the other tasks finish their cleanup alone."""
    log: List[str] = []

    async def main() -> None:
        job = _jobs(True)[0]
        task = await _started(job.run())
        me = asyncio.current_task()
        assert me is not None

        def cancel_me() -> None:
            for _ in range(requests):
                assert me is not None
                me.cancel()

        asyncio.get_running_loop().call_later(0.01, cancel_me)
        try:
            await cancel_others()
        except asyncio.CancelledError:
            assert not task.done()
            job.clean.set()
            await asyncio.wait({task})
            log.extend(job.log)
            raise

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
    assert log == ["began", "cleaning", "clean"]


def test_awaited_caller() -> None:
    """Called by a task that main awaits directly, it cancels main and gets a CancelledError itself; nothing hangs."""
    ends: List[str] = []

    async def helper() -> None:
        try:
            await cancel_others()
        except asyncio.CancelledError:
            ends.append("helper")
            raise

    async def main() -> None:
        try:
            await asyncio.ensure_future(helper())
        except asyncio.CancelledError:
            ends.append("main")
            raise

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
    assert ends == ["helper", "main"]


@pytest.mark.parametrize("how", ["wait", "shield"])
def test_caller_awaited_indirectly(how: str) -> None:
    """Called by a task that main awaits by `asyncio.wait` or `asyncio.shield`, it cancels main and gets no cancellation back."""

    async def main() -> None:
        me = asyncio.current_task()
        assert me is not None
        call = asyncio.ensure_future(cancel_others(0.01))
        with pytest.raises(asyncio.CancelledError):
            if how == "wait":
                await asyncio.wait({call})
            else:
                await asyncio.shield(call)
        if hasattr(me, "uncancel"):
            me.uncancel()
        assert await call == {me}

    assert _run(main) == []


@pytest.mark.parametrize("grace", [0.02, None])
def test_started_meanwhile(grace: Optional[float]) -> None:
    """A task that is started while others clean up runs on if the time is up first, or if the caller is cancelled."""

    async def main() -> None:
        slow, fresh = _jobs(True, True)
        tasks = [await _started(slow.run())]
        me = asyncio.current_task()
        assert me is not None

        def start() -> None:
            tasks.append(asyncio.ensure_future(fresh.run()))
            if grace is None:
                assert me is not None
                me.cancel()

        asyncio.get_running_loop().call_soon(start)
        if grace is None:
            with pytest.raises(asyncio.CancelledError):
                await cancel_others()
            if hasattr(me, "uncancel"):
                me.uncancel()
        else:
            assert await cancel_others(grace) == set(tasks)
        await _ticks()
        assert slow.log == ["began", "cleaning"]
        assert fresh.log == ["began"]
        fresh.ends("done")
        slow.clean.set()
        await asyncio.wait(tasks)
        assert tasks[1].result() == "done"

    assert _run(main) == []


def test_cancel_gives_up() -> None:
    """A caller that is cancelled also leaves a task that suppresses its cancellation."""

    async def main() -> None:
        stop = asyncio.Event()
        log: List[str] = []
        stubborn = await _started(_suppresses(stop, log))
        me = asyncio.current_task()
        assert me is not None
        asyncio.get_running_loop().call_later(0.01, me.cancel)
        with pytest.raises(asyncio.CancelledError):
            await cancel_others()
        if hasattr(me, "uncancel"):
            me.uncancel()
        assert log == ["no"]
        assert not stubborn.done()
        stop.set()
        await stubborn

    assert _run(main) == []


def test_twice() -> None:
    """Called again, it cancels again: a cleanup that still runs is cut off."""

    async def main() -> None:
        job = _jobs(True)[0]
        task = await _started(job.run())
        assert await cancel_others(grace=0.01) == {task}
        assert await cancel_others() == set()
        assert job.log == ["began", "cleaning", "cut off"]

    assert _run(main) == []


def test_other_loops() -> None:
    """Tasks of other loops and threads are left alone."""
    ready, stop = threading.Event(), threading.Event()
    ends: List[bool] = []

    def other() -> None:
        async def main() -> None:
            job = _jobs(False)[0]
            task = await _started(job.run())
            ready.set()
            stop.wait()  # blocks its own loop only
            await _ticks()
            ends.append(task.done())
            await cancel_others()

        asyncio.run(main())

    thread = threading.Thread(target=other)
    thread.start()
    ready.wait()

    async def main() -> None:
        assert await cancel_others() == set()

    try:
        assert _run(main) == []
    finally:
        stop.set()
        thread.join()
    assert ends == [False]


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls leave no task, thread or file descriptor."""

    async def main() -> None:
        for _ in range(100):
            jobs = _jobs(False, False, False)
            tasks = [asyncio.ensure_future(j.run()) for j in jobs]
            await asyncio.sleep(0)
            assert await cancel_others() == set()
            assert all(task.cancelled() for task in tasks)

    assert _run(main) == []
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    assert _run(main) == []
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
