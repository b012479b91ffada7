# SPDX-License-Identifier: 0BSD
"""What `first_success` promises, one test each."""

import asyncio
import gc
import os
import pickle
import sys
import threading
import warnings
from typing import Any, Awaitable, Callable, List

import pytest

from first_success import AllFailedError, first_success


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
    """A coroutine that ends when the test says so, and logs what happened."""

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


def test_first_result() -> None:
    """Returns the result of the first coroutine that returns; the others are cancelled and have ended."""

    async def main() -> None:
        jobs = _jobs(False, False, False)
        race = await _started(
            first_success(*(j.run() for j in jobs))
        )
        jobs[1].ends("won")
        assert await race == "won"
        assert jobs[0].log == ["began", "cleaning", "clean"]
        assert jobs[1].log == ["began"]
        assert jobs[2].log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_waits_for_losers() -> None:
    """Returns when the losers have cleaned up."""

    async def main() -> None:
        winner, loser = _jobs(False, True)
        race = await _started(
            first_success(winner.run(), loser.run())
        )
        winner.ends(None)
        await _ticks()
        assert loser.log == ["began", "cleaning"]
        assert not race.done()
        loser.clean.set()
        assert await race is None
        assert loser.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_failure_is_not_the_end() -> None:
    """A coroutine that raises is out; the others go on, and its failure is not reported."""

    async def main() -> None:
        jobs = _jobs(False, False, False)
        race = await _started(
            first_success(*(j.run() for j in jobs))
        )
        jobs[0].ends(ValueError("out"))
        await _ticks()
        jobs[2].ends(OSError("out too"))
        await _ticks()
        assert not race.done()
        jobs[1].ends("won")
        assert await race == "won"

    assert _run(main) == []


@pytest.mark.parametrize("failed", [0, 1])
def test_same_tick(failed: int) -> None:
    """A failure in the turn of the loop in which another one wins changes nothing, and is not reported."""

    async def main() -> None:
        jobs = _jobs(False, False)
        race = await _started(
            first_success(*(j.run() for j in jobs))
        )
        jobs[failed].ends(ValueError("out"))
        jobs[1 - failed].ends("won")
        assert await race == "won"

    assert _run(main) == []


def test_two_winners() -> None:
    """Of two results in one turn of the loop, it takes the one that came first."""

    async def main() -> None:
        for first in (0, 1):
            jobs = _jobs(False, False)
            race = await _started(
                first_success(*(j.run() for j in jobs))
            )
            jobs[first].ends(first)
            jobs[1 - first].ends("late")
            assert await race == first

    assert _run(main) == []


def test_all_fail() -> None:
    """When all fail, `AllFailedError` holds their exceptions in the order of the arguments."""

    async def main() -> None:
        jobs = _jobs(False, False)
        race = await _started(
            first_success(*(j.run() for j in jobs))
        )
        errors = [ValueError("a"), OSError("b")]
        jobs[1].ends(errors[1])
        await _ticks()
        jobs[0].ends(errors[0])
        with pytest.raises(
            AllFailedError, match=r"'a'.*'b'"
        ) as caught:
            await race
        assert caught.value.errors == errors
        assert caught.value.__cause__ is errors[0]
        copy = pickle.loads(pickle.dumps(caught.value))
        assert [str(one) for one in copy.errors] == ["a", "b"]

    assert _run(main) == []


def test_contender_cancelled() -> None:
    """A coroutine that ends as cancelled is out, like one that raises."""

    async def quits() -> None:
        raise asyncio.CancelledError

    async def main() -> None:
        job = _jobs(False)[0]
        race = await _started(first_success(quits(), job.run()))
        assert not race.done()
        job.ends("won")
        assert await race == "won"
        with pytest.raises(AllFailedError) as caught:
            await first_success(quits(), quits())
        types = [type(one) for one in caught.value.errors]
        assert types == [asyncio.CancelledError] * 2

    assert _run(main) == []


def test_none() -> None:
    """A call without arguments is a ValueError."""

    async def main() -> None:
        with pytest.raises(ValueError, match="needs a coroutine"):
            await first_success()

    assert _run(main) == []


def test_one() -> None:
    """A single coroutine returns its result."""

    async def main() -> None:
        job = _jobs(False)[0]
        job.ends("alone")
        assert await first_success(job.run()) == "alone"

    assert _run(main) == []


def test_no_coroutine() -> None:
    """An argument that is not a coroutine is a TypeError; coroutines before and after it are closed."""

    async def main() -> None:
        before, after = _jobs(False, False)
        wrong: Any = 42
        with pytest.raises(TypeError):
            await first_success(before.run(), wrong, after.run())
        assert before.log == after.log == []
        gc.collect()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert _run(main) == []
    assert [str(one.message) for one in caught] == []


def test_cancelled_once() -> None:
    """When the caller is cancelled, all coroutines are cancelled and waited for."""

    async def main() -> None:
        jobs = _jobs(True, True)
        race = await _started(
            first_success(*(j.run() for j in jobs))
        )
        race.cancel()
        await _ticks()
        assert not race.done()
        for job in jobs:
            assert job.log == ["began", "cleaning"]
            job.clean.set()
        await asyncio.wait({race})
        assert race.cancelled()
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_cancelled_twice() -> None:
    """A second cancellation of the caller interrupts no cleanup, and the call still waits for it."""

    async def main() -> None:
        jobs = _jobs(True, True)
        race = await _started(
            first_success(*(j.run() for j in jobs))
        )
        for _ in range(2):
            race.cancel()
            await _ticks()
        assert not race.done()
        for job in jobs:
            job.clean.set()
        await asyncio.wait({race})
        assert race.cancelled()
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_cancelled_while_losers_clean_up() -> None:
    """A caller cancelled while the losers clean up waits for them and ends as cancelled; the result is lost."""

    async def main() -> None:
        winner, loser = _jobs(False, True)
        race = await _started(
            first_success(winner.run(), loser.run())
        )
        winner.ends("won")
        await _ticks()
        race.cancel()
        await _ticks()
        assert not race.done()
        loser.clean.set()
        await asyncio.wait({race})
        assert race.cancelled()
        assert loser.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_cancelled_as_the_race_ends() -> None:
    """A caller cancelled in the turn of the first result, or of the last failure, ends as cancelled."""

    async def main() -> None:
        for outcome in ("won", ValueError("out")):
            for early in (True, False):
                jobs = _jobs(False)
                race = await _started(first_success(jobs[0].run()))
                if early:
                    race.cancel()
                jobs[0].ends(outcome)
                await asyncio.sleep(0)
                race.cancel()
                await asyncio.wait({race})
                assert race.cancelled()

    assert _run(main) == []


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="messages arrive since 3.11"
)
def test_message() -> None:
    """The CancelledError that is raised has the message of the last cancellation."""

    async def main() -> None:
        winner, loser = _jobs(False, True)
        race = await _started(
            first_success(winner.run(), loser.run())
        )
        winner.ends("won")
        await _ticks()
        race.cancel("enough")
        await _ticks()
        loser.clean.set()
        with pytest.raises(asyncio.CancelledError, match="enough"):
            await race

    assert _run(main) == []


def test_pending_request() -> None:
    """If the caller is already being cancelled when it calls, all coroutines are cancelled at their first await."""

    async def main() -> None:
        jobs = _jobs(False, False)

        async def caller() -> None:
            me = asyncio.current_task()
            assert me is not None
            me.cancel()
            await first_success(*(j.run() for j in jobs))

        race = asyncio.ensure_future(caller())
        await asyncio.wait({race})
        assert race.cancelled()
        for job in jobs:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_cleanup_failure_is_reported() -> None:
    """What a loser raises in its cleanup is reported by asyncio, and the result is returned."""

    async def main() -> None:
        job = _jobs(False)[0]
        race = await _started(
            first_success(job.run(), _fails_in_cleanup())
        )
        job.ends("won")
        assert await race == "won"

    assert [str(one) for one in _run(main)] == ["cleanup"]


def test_suppresses() -> None:
    """A loser that suppresses its cancellation and returns changes nothing."""

    async def main() -> None:
        job = _jobs(False)[0]
        race = await _started(first_success(_stubborn(), job.run()))
        job.ends("won")
        assert await race == "won"

    assert _run(main) == []


@pytest.mark.parametrize("limit", [0.01, 0, -1])
def test_limit(limit: float) -> None:
    """A timeout around the call, also of zero or less, cancels all coroutines."""

    async def main() -> None:
        jobs = _jobs(False, False)
        race = first_success(*(j.run() for j in jobs))
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(
                asyncio.ensure_future(race), limit
            )
        for job in jobs:
            assert job.log in (["began", "cleaning", "clean"], [])
        await _ticks()

    # Cancelled before its first step, it never awaits them.
    if limit > 0:
        assert _run(main) == []
    else:
        with pytest.warns(RuntimeWarning, match="never awaited"):
            assert _run(main) == []


def test_cancelled_in_each_turn() -> None:
    """A caller cancelled in every turn of the loop, as by AnyIO, ends when the coroutines have cleaned up."""

    async def main() -> None:
        log: List[str] = []

        async def ask() -> None:
            try:
                await asyncio.sleep(3600)
            finally:
                await _ticks()
                log.append("clean")

        race = await _started(first_success(ask(), ask()))
        for _ in range(20):
            race.cancel()
            await asyncio.sleep(0)
        assert race.done()
        assert race.cancelled()
        assert log == ["clean"] * 2

    assert _run(main) == []


def test_at_once() -> None:
    """Races can run side by side and inside each other."""

    async def main() -> None:
        jobs = _jobs(False, False, False)
        inner = first_success(jobs[0].run(), jobs[1].run())
        race = await _started(first_success(inner, jobs[2].run()))
        jobs[2].ends("won")
        assert await race == "won"
        for job in jobs[:2]:
            assert job.log == ["began", "cleaning", "clean"]

    assert _run(main) == []


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred races leave no task, thread or file descriptor."""

    async def main() -> None:
        for number in range(100):
            jobs = _jobs(False, False, False)
            race = await _started(
                first_success(*(j.run() for j in jobs))
            )
            jobs[number % 3].ends(number)
            assert await race == number

    assert _run(main) == []
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    assert _run(main) == []
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
