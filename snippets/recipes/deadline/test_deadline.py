# SPDX-License-Identifier: 0BSD
"""What `Deadline` promises, one test each."""

import asyncio
import gc
import math
import os
import threading
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

import deadline as module
from deadline import Deadline


class Clock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def read(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let time pass at once, and let all tasks run that can."""
        for step in (0, seconds):
            self.now += step
            for _ in range(20):
                await asyncio.sleep(0)

    def run(self, main: Callable[[], Awaitable[None]]) -> None:
        """Run `main` in a loop with this clock.

        Fail if it leaves a task or reports an error.
        """
        reports: list[dict[str, Any]] = []

        async def watched() -> None:
            loop = asyncio.get_running_loop()
            vars(loop)["time"] = self.read
            loop.set_exception_handler(
                lambda _, c: reports.append(c)
            )
            await main()
            gc.collect()
            assert asyncio.all_tasks() == {asyncio.current_task()}

        asyncio.run(watched())
        assert reports == []


@pytest.fixture(name="clock")
def _clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(
        module, "time", SimpleNamespace(monotonic=clock.read)
    )
    return clock


async def _forever() -> None:
    await asyncio.Event().wait()


def test_counts_down(clock: Clock) -> None:
    """`remaining()` counts down from the budget, in seconds."""
    deadline = Deadline(5)
    assert deadline.remaining() == 5.0
    clock.now += 1.5
    assert deadline.remaining() == 3.5
    assert not deadline.expired()


def test_never_below_zero(clock: Clock) -> None:
    """Once it has passed, `remaining()` is 0.0 and stays there."""
    deadline = Deadline(5)
    clock.now += 5
    assert deadline.remaining() == 0.0
    assert deadline.expired()
    clock.now += 100
    assert deadline.remaining() == 0.0
    assert deadline.expired()


@pytest.mark.parametrize("seconds", [0, -1, -math.inf])
def test_nothing_to_spend(seconds: float) -> None:
    """A budget of zero or less is spent at once."""
    deadline = Deadline(seconds)
    assert deadline.expired()
    assert deadline.remaining() == 0.0


@pytest.mark.parametrize("seconds", [None, math.inf])
def test_endless(seconds: float | None, clock: Clock) -> None:
    """None and infinity never end: `remaining()` is None."""
    deadline = Deadline(seconds)
    clock.now += 1e6
    assert deadline.remaining() is None
    assert not deadline.expired()


def test_nan() -> None:
    """A budget that is not a number (NaN) is a ValueError."""
    with pytest.raises(
        ValueError, match=r"^seconds must not be NaN$"
    ):
        Deadline(math.nan)
    with pytest.raises(ValueError, match="NaN"):
        Deadline(None).at_most(math.nan)


def test_part(clock: Clock) -> None:
    """`at_most` ends a part earlier, but never later than the whole."""
    whole = Deadline(5)
    assert whole.at_most(2).remaining() == 2.0
    assert whole.at_most(8).remaining() == 5.0
    assert whole.at_most(None).remaining() == 5.0
    assert whole.at_most(-1).expired()
    clock.now += 4
    assert whole.at_most(2).remaining() == 1.0
    clock.now += 4
    assert whole.at_most(2).expired()


@pytest.mark.usefixtures("clock")
def test_part_of_endless() -> None:
    """A part of an endless deadline has its own limit, or none."""
    whole = Deadline(None)
    assert whole.at_most(2).remaining() == 2.0
    assert whole.at_most(None).remaining() is None


@pytest.mark.usefixtures("clock")
def test_whole_is_unchanged() -> None:
    """`at_most` leaves the deadline that it is called on as it is."""
    whole = Deadline(5)
    part = whole.at_most(2).at_most(1)
    assert part.remaining() == 1.0
    assert whole.remaining() == 5.0


@pytest.mark.usefixtures("clock")
def test_repr() -> None:
    """Its `repr` shows what is left."""
    assert repr(Deadline(2)) == "<Deadline remaining=2.0>"


def test_timeout_cuts_off(clock: Clock) -> None:
    """`timeout()` ends a block at the deadline, and waits for its cleanup."""

    async def main() -> None:
        log: list[str] = []
        go = asyncio.Event()

        async def job() -> int:
            with pytest.raises(TimeoutError):
                async with Deadline(5).timeout() as block:
                    try:
                        await _forever()
                    finally:
                        log.append("cleaning")
                        await go.wait()
                        log.append("clean")
            assert block.expired()
            return task.cancelling()

        task = asyncio.create_task(job())
        await clock.sleep(4.5)
        assert log == []
        await clock.sleep(0.5)
        assert log == ["cleaning"]
        go.set()
        assert await task == 0
        assert log == ["cleaning", "clean"]

    clock.run(main)


def test_one_budget_for_all(clock: Clock) -> None:
    """Each block gets the time that earlier blocks left; without any, it does not begin."""

    async def main() -> None:
        log: list[str] = []
        deadline = Deadline(5)
        async with deadline.timeout():
            log.append("first")
            await clock.sleep(3)
        with pytest.raises(TimeoutError):
            async with deadline.timeout():
                log.append("second")
                await clock.sleep(2)
        with pytest.raises(
            TimeoutError, match=r"^the deadline has passed$"
        ):
            async with deadline.timeout():
                log.append("third")
        assert log == ["first", "second"]

    clock.run(main)


def test_timeout_is_what_remains(clock: Clock) -> None:
    """The limit of a block is what remains when `timeout()` is called."""

    async def main() -> None:
        deadline = Deadline(5)
        clock.now += 2
        assert deadline.timeout().when() == clock.now + 3

    clock.run(main)


def test_ends_as_timeout_is_called(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deadline that passes while `timeout()` is called lets no block begin that has no time left."""

    async def main() -> None:
        deadline = Deadline(5)

        def read() -> float:
            clock.now += 3  # each look at the clock takes a while
            return clock.now

        monkeypatch.setattr(
            module, "time", SimpleNamespace(monotonic=read)
        )
        async with deadline.timeout() as block:
            assert block.when() == clock.now + 2
        with pytest.raises(TimeoutError, match="has passed"):
            deadline.timeout()

    clock.run(main)


def test_endless_timeout(clock: Clock) -> None:
    """A block of an endless deadline has no limit."""

    async def main() -> None:
        async with Deadline(None).timeout() as block:
            assert block.when() is None
            await clock.sleep(1e6)

    clock.run(main)


@pytest.mark.parametrize("seconds", [0, -1])
def test_spent_before_the_start(
    seconds: float, clock: Clock
) -> None:
    """With a budget of zero or less, TimeoutError is raised before the block begins."""

    async def main() -> None:
        deadline = Deadline(seconds)
        with pytest.raises(TimeoutError, match="has passed"):
            async with deadline.timeout():
                pytest.fail("it was started")

    clock.run(main)


def test_nested(clock: Clock) -> None:
    """Of two nested blocks, the earlier deadline counts, whichever block is outside."""

    async def main() -> None:
        whole = Deadline(5)
        with pytest.raises(TimeoutError):
            async with whole.timeout() as outer:
                with pytest.raises(TimeoutError):
                    async with whole.at_most(2).timeout() as inner:
                        await clock.sleep(2)
                assert inner.expired()
                async with whole.at_most(60).timeout() as inner:
                    await clock.sleep(3)
        assert outer.expired()

    clock.run(main)


@pytest.mark.parametrize("requests", [1, 2])
def test_cancelled_from_outside(
    requests: int, clock: Clock
) -> None:
    """A task cancelled in a block, even twice, ends with CancelledError."""

    async def main() -> None:
        async def job() -> None:
            async with Deadline(5).timeout():
                await _forever()

        task = asyncio.create_task(job())
        await clock.sleep(0)
        for _ in range(requests):
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelling() == requests

    clock.run(main)


def test_cancelled_during_cleanup(clock: Clock) -> None:
    """Cancelled while it cleans up after the deadline, a task ends with CancelledError."""

    async def main() -> None:
        async def job() -> None:
            async with Deadline(5).timeout():
                try:
                    await _forever()
                finally:
                    await _forever()

        task = asyncio.create_task(job())
        await clock.sleep(5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    clock.run(main)


def test_cancelled_in_the_same_tick(clock: Clock) -> None:
    """Cancelled in the tick of the deadline, a task ends with CancelledError."""

    async def main() -> None:
        async def job() -> None:
            async with Deadline(5).timeout():
                await _forever()

        loop = asyncio.get_running_loop()
        for late in (0, 1):
            task = asyncio.create_task(job())
            await clock.sleep(0)
            # Both are due: before the limit and after it.
            loop.call_at(
                clock.now + 5 - 1e-9 + late * 2e-9, task.cancel
            )
            await clock.sleep(5 + 1e-9)
            assert task.cancelled()

    clock.run(main)


def test_cancelled_before_the_start(clock: Clock) -> None:
    """A task cancelled before it enters the block ends at the first await in it."""

    async def main() -> None:
        log: list[str] = []

        async def job() -> None:
            task.cancel()
            async with Deadline(5).timeout():
                log.append("entered")
                await _forever()

        task = asyncio.create_task(job())
        with pytest.raises(asyncio.CancelledError):
            await task
        assert log == ["entered"]

    clock.run(main)


def test_never_waits(clock: Clock) -> None:
    """A block that does not wait after the deadline is not ended."""

    async def main() -> None:
        async with Deadline(5).timeout() as block:
            clock.now += 6
        assert not block.expired()

    clock.run(main)


def test_own_failure(clock: Clock) -> None:
    """An exception of the block propagates unchanged, at the deadline too."""

    async def main() -> None:
        with pytest.raises(ValueError, match="own"):
            async with Deadline(5).timeout():
                raise ValueError("own")
        with pytest.raises(ValueError, match="late"):
            async with Deadline(5).timeout():
                try:
                    await clock.sleep(5)
                finally:
                    raise ValueError("late")

    clock.run(main)


def test_blocking_calls() -> None:
    """`remaining()` limits blocking calls in any thread. It returns None without a limit; give a lock -1 then."""
    deadline = Deadline(0.02)
    event = threading.Event()
    answers: list[bool] = []

    def job() -> None:
        answers.append(event.wait(deadline.remaining()))

    threads = [threading.Thread(target=job) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [False, False]
    assert deadline.remaining() == 0.0
    event.set()
    endless = Deadline(None).remaining()
    assert event.wait(endless)
    lock: Any = threading.Lock()
    with pytest.raises(TypeError):
        lock.acquire(timeout=endless)
    assert lock.acquire(timeout=-1 if endless is None else endless)
    assert not lock.acquire(timeout=deadline.remaining())


def test_shared_by_loops() -> None:
    """One deadline ends blocks in several threads and loops."""
    deadline = Deadline(0.02)
    ended: list[str] = []

    async def main() -> None:
        try:
            async with deadline.timeout():
                await _forever()
        except TimeoutError:
            ended.append("timeout")

    threads = [
        threading.Thread(target=asyncio.run, args=[main()])
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == ["timeout", "timeout"]


def test_no_loop() -> None:
    """Without a running loop `timeout()` raises RuntimeError; the rest works."""
    deadline = Deadline(60)
    assert not deadline.expired()
    with pytest.raises(RuntimeError):
        deadline.timeout()


def test_leaves_nothing_a_hundred_times(clock: Clock) -> None:
    """A hundred blocks leave no task, thread or descriptor."""

    async def main() -> None:
        for _ in range(100):
            with pytest.raises(TimeoutError):
                async with Deadline(5).timeout():
                    await clock.sleep(5)

    clock.run(main)
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    clock.run(main)
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
