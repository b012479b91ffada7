# SPDX-License-Identifier: 0BSD
"""What `gather_or_cancel` promises, one test each."""

import asyncio
import contextlib
import gc
import os
import sys
import threading
import warnings
import weakref
from typing import Any, Awaitable, Callable, List, Tuple

import pytest

from gather_or_cancel import gather_or_cancel


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
    """A work that ends when the test says so, and logs what happened."""

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


def test_results() -> None:
    """Returns the results as a tuple in the order of the arguments, whatever the order of the ends."""

    async def main() -> None:
        jobs = _jobs(False, False, False)
        call = await _started(
            gather_or_cancel(*(j.run() for j in jobs))
        )
        for number in (2, 0, 1):
            jobs[number].ends(number)
            await _ticks()
        assert await call == (0, 1, 2)

    assert _run(main) == []


def test_types() -> None:
    """Two or three works may have different types, and a type checker knows which result has which."""

    async def number() -> int:
        return 1

    async def text() -> str:
        return "a"

    async def main() -> None:
        two: Tuple[int, str] = await gather_or_cancel(
            number(), text()
        )
        assert two == (1, "a")
        three: Tuple[int, str, int] = await gather_or_cancel(
            number(), text(), number()
        )
        assert three == (1, "a", 1)
        more: Tuple[int, ...] = await gather_or_cancel(
            *(number() for _ in range(5))
        )
        assert more == (1, 1, 1, 1, 1)

    assert _run(main) == []


def test_nothing() -> None:
    """Without works, the result is an empty tuple."""

    async def main() -> None:
        assert await gather_or_cancel() == ()

    assert _run(main) == []


def test_failure_stops_the_others() -> None:
    """A failure is raised as it is, after the others were cancelled and have cleaned up."""

    async def main() -> None:
        jobs = _jobs(True, False, True)
        call = await _started(
            gather_or_cancel(*(j.run() for j in jobs))
        )
        error = ValueError("bad")
        jobs[1].ends(error)
        await _ticks()
        assert not call.done()
        for job in (jobs[0], jobs[2]):
            assert job.log == ["began", "cleaning"]
            job.clean.set()
        with pytest.raises(ValueError, match="bad") as caught:
            await call
        assert caught.value is error
        assert jobs[0].log == ["began", "cleaning", "clean"]
        assert jobs[2].log == ["began", "cleaning", "clean"]

    assert _run(main) == []


@pytest.mark.parametrize("first", [0, 1])
def test_first_failure(first: int) -> None:
    """Of two failures in one turn of the loop the first is raised, and asyncio reports the other."""
    raised: List[str] = []

    async def main() -> None:
        jobs = _jobs(False, False)
        call = await _started(
            gather_or_cancel(*(j.run() for j in jobs))
        )
        jobs[first].ends(ValueError("first"))
        jobs[1 - first].ends(OSError("second"))
        try:
            await call
        except (ValueError, OSError) as error:
            raised.append(str(error))

    assert [str(one) for one in _run(main)] == ["second"]
    assert raised == ["first"]


def test_cleanup_failure_is_reported() -> None:
    """What another work raises in its cleanup is reported by asyncio."""

    async def main() -> None:
        job = _jobs(False)[0]
        call = await _started(
            gather_or_cancel(job.run(), _fails_in_cleanup())
        )
        job.ends(ValueError("bad"))
        with pytest.raises(ValueError, match="bad"):
            await call

    assert [str(one) for one in _run(main)] == ["cleanup"]


def test_work_cancelled() -> None:
    """A work that ends as cancelled has failed: the others are cancelled, and CancelledError is raised."""

    async def main() -> None:
        jobs = _jobs(False, False)
        tasks = [await _started(job.run()) for job in jobs]
        call = await _started(gather_or_cancel(*tasks))
        tasks[0].cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert jobs[1].log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_cancelled_once() -> None:
    """When the caller is cancelled, all works are cancelled and waited for."""

    async def main() -> None:
        jobs = _jobs(True, True)
        call = await _started(
            gather_or_cancel(*(j.run() for j in jobs))
        )
        call.cancel()
        await _ticks()
        assert not call.done()
        for job in jobs:
            assert job.log == ["began", "cleaning"]
            job.clean.set()
        await asyncio.wait({call})
        assert call.cancelled()
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_cancelled_twice() -> None:
    """A second cancellation of the caller interrupts no cleanup, and the call still waits for it."""

    async def main() -> None:
        jobs = _jobs(True, True)
        call = await _started(
            gather_or_cancel(*(j.run() for j in jobs))
        )
        for _ in range(2):
            call.cancel()
            await _ticks()
        assert not call.done()
        for job in jobs:
            job.clean.set()
        await asyncio.wait({call})
        assert call.cancelled()
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_cancelled_after_a_failure() -> None:
    """A caller cancelled while works clean up after a failure gets CancelledError, with the failure as its `__context__`."""

    async def main() -> None:
        jobs = _jobs(False, True)
        contexts: List[Any] = []

        async def caller() -> None:
            try:
                await gather_or_cancel(*(j.run() for j in jobs))
            except asyncio.CancelledError as cancelled:
                contexts.append(cancelled.__context__)
                raise

        call = await _started(caller())
        error = ValueError("bad")
        jobs[0].ends(error)
        await _ticks()
        call.cancel()
        await _ticks()
        assert not call.done()
        jobs[1].clean.set()
        await asyncio.wait({call})
        assert call.cancelled()
        assert contexts == [error]
        assert jobs[1].log == ["began", "cleaning", "clean"]

    assert _run(main) == []


@pytest.mark.parametrize("later", [0, 1])
def test_cancelled_as_one_fails(later: int) -> None:
    """A caller cancelled in the turn of a failure ends as cancelled, and asyncio reports the failure."""

    async def main() -> None:
        jobs = _jobs(False, False)
        call = await _started(
            gather_or_cancel(*(j.run() for j in jobs))
        )
        jobs[0].ends(ValueError("bad"))
        await _ticks(later)
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert jobs[1].log == ["began", "cleaning", "clean"]

    assert [str(one) for one in _run(main)] == ["bad"]


def test_cancelled_as_the_last_one_ends() -> None:
    """A caller cancelled in the turn of the last result ends as cancelled."""

    async def main() -> None:
        job = _jobs(False)[0]
        call = await _started(gather_or_cancel(job.run()))
        job.ends("done")
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="messages arrive since 3.11"
)
def test_message() -> None:
    """The CancelledError that is raised has the message of the last cancellation."""

    async def main() -> None:
        jobs = _jobs(False, True)
        call = await _started(
            gather_or_cancel(*(j.run() for j in jobs))
        )
        jobs[0].ends(ValueError("bad"))
        await _ticks()
        call.cancel("enough")
        await _ticks()
        jobs[1].clean.set()
        with pytest.raises(asyncio.CancelledError, match="enough"):
            await call

    assert _run(main) == []


def test_pending_request() -> None:
    """If the caller is already being cancelled when it calls, all works are cancelled at their first await."""

    async def main() -> None:
        jobs = _jobs(False, False)

        async def caller() -> None:
            me = asyncio.current_task()
            assert me is not None
            me.cancel()
            await gather_or_cancel(*(j.run() for j in jobs))

        call = asyncio.ensure_future(caller())
        await asyncio.wait({call})
        assert call.cancelled()
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_cancelled_before_it_starts() -> None:
    """If the call is cancelled before its first step, tasks that were given to it keep running."""

    async def main() -> None:
        job = _jobs(False)[0]
        task = await _started(job.run())
        call = asyncio.ensure_future(gather_or_cancel(task))
        call.cancel()
        await asyncio.wait({call})
        assert call.cancelled()
        assert not task.done()
        job.ends("done")
        assert await task == "done"

    assert _run(main) == []


def test_suppresses() -> None:
    """A work that suppresses its cancellation and returns changes nothing: the failure is raised."""

    async def main() -> None:
        job = _jobs(False)[0]
        call = await _started(
            gather_or_cancel(_stubborn(), job.run())
        )
        job.ends(ValueError("bad"))
        with pytest.raises(ValueError, match="bad"):
            await call

    assert _run(main) == []


@pytest.mark.parametrize("limit", [0.01, 0, -1])
def test_limit(limit: float) -> None:
    """A timeout around the call, also of zero or less, cancels all works and waits for them."""

    async def main() -> None:
        jobs = _jobs(False, False)

        async def caller() -> None:
            await gather_or_cancel(*(j.run() for j in jobs))

        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(caller(), limit)
        for job in jobs:
            assert job.log in (["began", "cleaning", "clean"], [])

    assert _run(main) == []


def test_same_task_twice() -> None:
    """The same task may be given twice, and futures and done tasks as well."""

    async def main() -> None:
        job = _jobs(False)[0]
        job.ends("done")
        task = await _started(job.run())
        future = asyncio.get_running_loop().create_future()
        future.set_result(1)
        assert await gather_or_cancel(task, future, task) == (
            "done",
            1,
            "done",
        )

    assert _run(main) == []


def test_same_coroutine_twice() -> None:
    """A coroutine that is given twice fails with RuntimeError, and no task is left."""

    async def main() -> None:
        async def work() -> int:
            await asyncio.sleep(0)
            return 1

        coroutine = work()
        with pytest.raises(RuntimeError):
            await gather_or_cancel(coroutine, coroutine)

    assert _run(main) == []


def test_same_task_twice_and_a_failure() -> None:
    """A task that is given twice is cancelled once, so its cleanup is not interrupted."""

    async def main() -> None:
        jobs = _jobs(True, False)
        task = await _started(jobs[0].run())
        call = await _started(
            gather_or_cancel(task, task, jobs[1].run())
        )
        jobs[1].ends(ValueError("bad"))
        await _ticks()
        jobs[0].clean.set()
        with pytest.raises(ValueError, match="bad"):
            await call
        if hasattr(task, "cancelling"):  # new in 3.11
            assert task.cancelling() == 1
        assert jobs[0].log == ["began", "cleaning", "clean"]

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="eager tasks are new in 3.12"
)
def test_eager_work_exits() -> None:
    """With eager tasks, a work that calls `sys.exit` in its first step ends the others, too."""

    async def leaves() -> None:
        sys.exit(3)

    async def main() -> None:
        tasks: Any = asyncio  # absent before 3.12
        asyncio.get_running_loop().set_task_factory(
            tasks.eager_task_factory
        )
        jobs = _jobs(False, False)
        with pytest.raises(SystemExit) as caught:
            await gather_or_cancel(
                jobs[0].run(), leaves(), jobs[1].run()
            )
        assert caught.value.code == 3
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        reports = _run(main)
    assert [type(one) for one in reports] == [SystemExit]
    assert [str(one.message) for one in found] == []


def test_itself() -> None:
    """The current task is refused with RuntimeError, and the others are cancelled."""

    async def main() -> None:
        me: Any = asyncio.current_task()
        job = _jobs(False)[0]
        with pytest.raises(RuntimeError, match="await itself"):
            await gather_or_cancel(job.run(), me)
        assert job.log == []
        await asyncio.sleep(0)

    assert _run(main) == []


def test_other_loop() -> None:
    """A future of another loop is refused with ValueError, and is not cancelled."""
    other = asyncio.new_event_loop()
    try:
        future: "asyncio.Future[None]" = other.create_future()

        async def main() -> None:
            job = _jobs(False)[0]
            with pytest.raises(ValueError, match="loop"):
                await gather_or_cancel(job.run(), future)

        assert _run(main) == []
        assert not future.done()
    finally:
        other.close()


@pytest.mark.parametrize("place", [0, 1, 2])
def test_works_beside_a_refused_one(place: int) -> None:
    """When one argument is refused, coroutines and tasks before and after it end, and no coroutine is left open."""

    async def main() -> None:
        jobs = _jobs(False, False)
        task = await _started(jobs[0].run())
        works: List[Any] = [task, jobs[1].run()]
        works.insert(place, 42)
        with pytest.raises(TypeError):
            await gather_or_cancel(*works)
        assert task.cancelled()
        assert jobs[0].log == ["began", "cleaning", "clean"]
        assert jobs[1].log == []

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert _run(main) == []
    assert [str(one.message) for one in caught] == []


def test_cancelled_in_each_turn() -> None:
    """A caller cancelled in every turn of the loop, as by AnyIO, ends when the works have cleaned up."""

    async def main() -> None:
        log: List[str] = []

        async def work() -> None:
            try:
                await asyncio.sleep(3600)
            finally:
                await _ticks()
                log.append("clean")

        call = await _started(gather_or_cancel(work(), work()))
        for _ in range(20):
            call.cancel()
            await asyncio.sleep(0)
        assert call.done()
        assert call.cancelled()
        assert log == ["clean"] * 2

    assert _run(main) == []


@pytest.mark.parametrize("as_task", [False, True])
def test_failure_is_freed(as_task: bool) -> None:
    """No reference cycle keeps a failure, or what its frames hold, once it was handled."""
    rows: "List[weakref.ref[_Job]]" = []

    async def work() -> None:
        row = _Job()
        rows.append(weakref.ref(row))
        raise ValueError

    async def main() -> None:
        works: List[Any] = [work()]
        if as_task:
            works = [asyncio.ensure_future(works[0])]
        with contextlib.suppress(ValueError):
            await gather_or_cancel(*works)
        works.clear()
        await _ticks()
        assert [row() for row in rows] == [None]

    gc.disable()
    try:
        assert _run(main) == []
    finally:
        gc.enable()


def test_refusal_is_freed() -> None:
    """No reference cycle keeps what was refused once its TypeError was handled."""

    class Row:
        pass

    async def main() -> None:
        wrong: List[Any] = [Row(), Row()]
        rows = [weakref.ref(row) for row in wrong]
        with contextlib.suppress(TypeError):
            await gather_or_cancel(*wrong)
        wrong.clear()
        assert [row() for row in rows] == [None, None]

    gc.disable()
    try:
        assert _run(main) == []
    finally:
        gc.enable()


def test_nested() -> None:
    """Calls can run side by side and inside each other."""

    async def main() -> None:
        jobs = _jobs(False, False, False)
        inner = gather_or_cancel(jobs[0].run(), jobs[1].run())
        call = await _started(
            gather_or_cancel(inner, jobs[2].run())
        )
        jobs[2].ends(ValueError("bad"))
        with pytest.raises(ValueError, match="bad"):
            await call
        for job in jobs[:2]:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls, and one with a thousand works, leave no task, thread or file descriptor."""

    async def main() -> None:
        for number in range(100):
            jobs = _jobs(False, False, False)
            call = await _started(
                gather_or_cancel(*(j.run() for j in jobs))
            )
            jobs[number % 3].ends(ValueError("bad"))
            await asyncio.wait({call})
            assert isinstance(call.exception(), ValueError)
        many = _jobs(*[False] * 1000)
        for job in many:
            job.ends(1)
        results = await gather_or_cancel(*(j.run() for j in many))
        assert sum(results) == 1000

    assert _run(main) == []
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    assert _run(main) == []
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
