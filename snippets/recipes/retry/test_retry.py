# SPDX-License-Identifier: 0BSD
"""What `retry` promises, one test each."""

import asyncio
import gc
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from retry import retry

needs_3_11_3 = pytest.mark.skipif(
    sys.version_info < (3, 11, 3),
    reason="asyncio.timeout() has a defect before 3.11.3",
)

_now = [0.0]  # what the loop takes for the time


async def _forever() -> None:
    await asyncio.Event().wait()


async def _started(
    coroutine: Awaitable[Any],
) -> "asyncio.Task[Any]":
    task = asyncio.ensure_future(coroutine)
    await _pass(0)
    return task


async def _pass(seconds: float) -> None:
    """Let the loop's time pass at once, and let all tasks run that can."""
    for step in (0, seconds):
        _now[0] += step
        for _ in range(20):
            await asyncio.sleep(0)


def _run(main: Callable[[], Awaitable[None]]) -> None:
    """Run `main` with a loop whose time only `_pass` lets pass.

    Fail if it leaves a task or reports an error.
    """
    reports: list[dict[str, Any]] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, c: reports.append(c))
        _now[0] = 0.0
        vars(loop)["time"] = lambda: _now[0]
        await main()
        gc.collect()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    assert reports == []


class Attempts:
    """Attempts that end as the script says; None waits forever."""

    def __init__(self, *script: "str | Exception | None") -> None:
        self.script = list(script)
        self.log: list[str] = []

    async def __call__(self) -> str:
        self.log.append("attempt")
        step = self.script.pop(0)
        if step is None:
            try:
                await _forever()
            except asyncio.CancelledError:
                self.log.append("cancelled")
                raise
        if isinstance(step, Exception):
            raise step
        return str(step)


def test_first_succeeds() -> None:
    """The result of a first attempt that succeeds comes at once."""

    async def main() -> None:
        make = Attempts("one", "two")
        assert await retry(make, [60], on=OSError) == "one"
        assert make.log == ["attempt"]

    _run(main)


def test_pauses() -> None:
    """Each failure is followed by its pause, then by another attempt."""

    async def main() -> None:
        make = Attempts(OSError(), OSError(), "three")
        call = await _started(retry(make, [5, 2], on=OSError))
        await _pass(4.5)
        assert len(make.log) == 1
        await _pass(0.5)
        assert len(make.log) == 2
        await _pass(1.5)
        assert len(make.log) == 2
        await _pass(0.5)
        assert await call == "three"
        assert len(make.log) == 3

    _run(main)


def test_last_failure() -> None:
    """After the last attempt, its exception is raised, unchanged."""

    async def main() -> None:
        errors = [OSError("one"), OSError("two")]
        make = Attempts(*errors)
        with pytest.raises(OSError, match="two") as caught:
            await retry(make, [0], on=OSError)
        assert caught.value is errors[1]
        with pytest.raises(OSError, match="only"):
            await retry(Attempts(OSError("only")), [], on=OSError)

    _run(main)


def test_other_exceptions() -> None:
    """An exception that `on` does not name is raised at once."""

    async def main() -> None:
        make = Attempts(OSError(), ValueError("bug"), "three")
        with pytest.raises(ValueError, match="bug"):
            await retry(make, [0, 0], on=(OSError, KeyError))
        assert len(make.log) == 2

    _run(main)


def test_several_exceptions() -> None:
    """`on` may be a tuple; an empty one retries timeouts only."""

    async def main() -> None:
        make = Attempts(OSError(), KeyError(), "three")
        assert (
            await retry(make, [0, 0], on=(OSError, KeyError))
            == "three"
        )
        with pytest.raises(OSError, match="one"):
            await retry(Attempts(OSError("one"), "two"), [0], on=())

    _run(main)


def test_make_raises() -> None:
    """A `make` that raises itself is an attempt that failed."""

    async def main() -> None:
        log: list[str] = []

        def make() -> Awaitable[str]:
            log.append("attempt")
            if len(log) == 1:
                raise OSError("make")
            return asyncio.sleep(0, "two")

        assert await retry(make, [0], on=OSError) == "two"

    _run(main)


@pytest.mark.parametrize("own", [True, False])
def test_task_group_that_fails(own: bool) -> None:
    """After a TaskGroup that fails, another attempt is made if each has a task of its own; from Python 3.13 on, also without one."""
    if not own and sys.version_info < (3, 13):
        pytest.skip("asyncio leaves cancelling() raised")

    async def main() -> None:
        log: list[str] = []

        async def fail() -> None:
            raise OSError

        async def attempt() -> str:
            log.append("attempt")
            async with asyncio.TaskGroup() as group:
                if len(log) < 3:
                    group.create_task(fail())
            return "three"

        def make() -> Awaitable[str]:
            return (
                asyncio.create_task(attempt()) if own else attempt()
            )

        assert (
            await retry(make, [0, 0], on=ExceptionGroup) == "three"
        )
        assert len(log) == 3

    _run(main)


def test_own_timeout() -> None:
    """After `attempt_timeout` has ended an attempt, another one is made, though `on` does not name TimeoutError."""

    async def main() -> None:
        make = Attempts(None, "two")
        call = await _started(
            retry(make, [1], on=(), attempt_timeout=5)
        )
        await _pass(5)
        assert make.log == ["attempt", "cancelled"]
        await _pass(1)
        assert await call == "two"

    _run(main)


def test_each_attempt_has_its_limit() -> None:
    """`attempt_timeout` starts again with each attempt; after the last one, TimeoutError is raised."""

    async def main() -> None:
        make = Attempts(None, None)
        call = await _started(
            retry(make, [1], on=(), attempt_timeout=5)
        )
        await _pass(5)
        await _pass(1)
        await _pass(4.5)
        assert not call.done()
        await _pass(0.5)
        with pytest.raises(TimeoutError):
            await call
        assert make.log == ["attempt", "cancelled"] * 2

    _run(main)


def test_timeout_of_the_attempt() -> None:
    """A TimeoutError that an attempt raises itself counts only if `on` names it, or its parent OSError."""

    async def main() -> None:
        make = Attempts(TimeoutError("inner"), "two")
        with pytest.raises(TimeoutError, match="inner"):
            await retry(
                make, [0], on=(), attempt_timeout=60, timeout=60
            )
        assert len(make.log) == 1
        for on in (TimeoutError, OSError):
            make = Attempts(TimeoutError("inner"), "two")
            answer = await retry(
                make, [0], on=on, attempt_timeout=60
            )
            assert answer == "two"

    _run(main)


def test_timeout_in_an_attempt() -> None:
    """`timeout` ends an attempt, no other follows, and TimeoutError is raised."""

    async def main() -> None:
        make = Attempts(OSError(), None, "three")
        call = await _started(
            retry(
                make, [1, 1], on=(OSError, TimeoutError), timeout=5
            )
        )
        await _pass(1)
        await _pass(3.5)
        assert not call.done()
        await _pass(0.5)
        with pytest.raises(TimeoutError):
            await call
        assert make.log == ["attempt", "attempt", "cancelled"]
        assert call.cancelling() == 0

    _run(main)


def test_timeout_while_an_attempt_blocks() -> None:
    """No attempt follows after `timeout`, even if a blocking call delays its timer."""

    async def main() -> None:
        log: list[str] = []

        async def block() -> None:
            log.append("attempt")
            _now[0] += 9  # it blocks the loop
            raise OSError("refused")

        with pytest.raises(TimeoutError) as caught:
            await retry(block, [0, 0], on=OSError, timeout=5)
        assert isinstance(caught.value.__cause__, OSError)
        assert log == ["attempt"]

    _run(main)


@needs_3_11_3
def test_own_timeout_in_the_cleanup_of_an_attempt() -> None:
    """A TimeoutError that an attempt raises after `attempt_timeout` is not retried unless `on` names it."""

    async def main() -> None:
        log: list[str] = []

        async def attempt() -> None:
            log.append("attempt")
            try:
                await asyncio.sleep(60)
            finally:
                raise TimeoutError("close failed")

        call = await _started(
            retry(attempt, [0], on=EOFError, attempt_timeout=5)
        )
        await _pass(5)
        with pytest.raises(TimeoutError, match=r"^close failed$"):
            await call
        assert log == ["attempt"]

    _run(main)


@needs_3_11_3
def test_timeout_in_a_pause() -> None:
    """`timeout` ends a pause; the traceback then shows the last failure."""

    async def main() -> None:
        error = OSError("refused")
        make = Attempts(error, "two")
        call = await _started(
            retry(make, [60], on=OSError, timeout=5)
        )
        await _pass(5)
        with pytest.raises(TimeoutError) as caught:
            await call
        cause = caught.value.__cause__
        assert cause is not None
        assert cause.__context__ is error
        assert make.log == ["attempt"]

    _run(main)


def test_both_limits_at_once() -> None:
    """If `attempt_timeout` and `timeout` are over in one iteration of the loop, no other attempt follows."""

    async def main() -> None:
        make = Attempts(None, "two")
        call = await _started(
            retry(
                make,
                [0],
                on=TimeoutError,
                attempt_timeout=5,
                timeout=5,
            )
        )
        await _pass(5)
        with pytest.raises(TimeoutError):
            await call
        assert make.log == ["attempt", "cancelled"]

    _run(main)


def test_timeout_turned_into_a_failure() -> None:
    """If `timeout` makes an attempt raise an exception that `on` names, no other attempt follows."""

    async def main() -> None:
        log: list[str] = []

        async def make() -> None:
            log.append("attempt")
            try:
                await _forever()
            finally:
                raise OSError("while closing")

        call = await _started(
            retry(make, [0], on=OSError, timeout=5)
        )
        await _pass(5)
        with pytest.raises(OSError, match="while closing"):
            await call
        assert log == ["attempt"]
        assert call.cancelling() == 0

    _run(main)


@pytest.mark.parametrize(
    ("on", "attempts"), [(OSError, 2), (KeyError, 1)]
)
def test_own_timeout_turned_into_a_failure(
    on: type[Exception], attempts: int
) -> None:
    """If `attempt_timeout` makes an attempt raise an exception, that exception decides whether another attempt follows."""

    async def main() -> None:
        log: list[str] = []

        async def make() -> None:
            log.append("attempt")
            try:
                await _forever()
            finally:
                raise OSError("while closing")

        call = await _started(
            retry(make, [0], on=on, attempt_timeout=5)
        )
        await _pass(5)
        assert len(log) == attempts
        await _pass(5)
        with pytest.raises(OSError, match="while closing"):
            await call

    _run(main)


def test_value_after_the_limit() -> None:
    """If an attempt suppresses the cancellation by a limit and returns a value, that is the result."""

    async def main() -> None:
        async def make() -> str:
            try:
                await _forever()
            except asyncio.CancelledError:
                return "half"
            return "never"

        call = await _started(
            retry(make, [0], on=(), attempt_timeout=5)
        )
        await _pass(5)
        assert await call == "half"
        call = await _started(retry(make, [0], on=(), timeout=5))
        await _pass(5)
        assert await call == "half"

    _run(main)


def test_limits_wait_for_cleanup() -> None:
    """A limit waits for the cleanup of the attempt that it ends."""

    async def main() -> None:
        go = asyncio.Event()
        log: list[str] = []

        async def make() -> None:
            log.append("attempt")
            try:
                await _forever()
            finally:
                await go.wait()
                log.append("clean")

        call = await _started(
            retry(make, [0], on=(), attempt_timeout=5, timeout=9)
        )
        await _pass(5)
        await _pass(0)
        assert log == ["attempt"]
        go.set()
        await _pass(0)
        assert log == ["attempt", "clean", "attempt"]
        await _pass(4)
        with pytest.raises(TimeoutError):
            await call

    _run(main)


def test_other_limit_interrupts_cleanup() -> None:
    """If `timeout` is over while an attempt cleans up after `attempt_timeout`, it interrupts that cleanup."""

    async def main() -> None:
        log: list[str] = []

        async def make() -> None:
            log.append("attempt")
            try:
                await _forever()
            finally:
                try:
                    await _forever()
                finally:
                    log.append("interrupted")

        call = await _started(
            retry(make, [0], on=(), attempt_timeout=5, timeout=9)
        )
        await _pass(5)
        assert log == ["attempt"]
        await _pass(4)
        with pytest.raises(TimeoutError):
            await call
        assert log == ["attempt", "interrupted"]

    _run(main)


@pytest.mark.parametrize("limit", [0, -1])
def test_no_time(limit: float) -> None:
    """With a limit of zero or less no attempt is made: TimeoutError."""

    async def main() -> None:
        make = Attempts("one")
        with pytest.raises(
            TimeoutError, match=r"^no time for an attempt$"
        ):
            await retry(make, [0], on=OSError, timeout=limit)
        with pytest.raises(
            TimeoutError, match=r"^no time for an attempt$"
        ):
            await retry(
                make,
                [0],
                on=OSError,
                attempt_timeout=limit,
                timeout=60,
            )
        assert make.log == []

    _run(main)


@pytest.mark.parametrize("requests", [1, 2])
def test_caller_cancelled(requests: int) -> None:
    """A caller cancelled in an attempt, even twice, ends cancelled; none follows."""

    async def main() -> None:
        make = Attempts(None, "two")
        call = await _started(
            retry(
                make,
                [0],
                on=Exception,
                attempt_timeout=60,
                timeout=60,
            )
        )
        for _ in range(requests):
            call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await _pass(60)
        assert make.log == ["attempt", "cancelled"]
        assert call.cancelling() == requests

    _run(main)


def test_caller_cancelled_in_a_pause() -> None:
    """A caller cancelled in a pause ends cancelled at once."""

    async def main() -> None:
        make = Attempts(OSError(), "two")
        call = await _started(retry(make, [60], on=Exception))
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await _pass(60)
        assert make.log == ["attempt"]

    _run(main)


def test_caller_cancelled_in_cleanup() -> None:
    """A caller cancelled while an attempt cleans up after `attempt_timeout` ends cancelled."""

    async def main() -> None:
        log: list[str] = []

        async def make() -> None:
            log.append("attempt")
            try:
                await _forever()
            finally:
                await _forever()

        call = await _started(
            retry(make, [0], on=Exception, attempt_timeout=5)
        )
        await _pass(5)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert log == ["attempt"]

    _run(main)


def test_caller_cancelled_before_the_start() -> None:
    """A caller cancelled before it ran makes no attempt."""

    async def main() -> None:
        make = Attempts("one")
        call = asyncio.ensure_future(retry(make, [0], on=OSError))
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert make.log == []

    _run(main)


@pytest.mark.parametrize("limit", [5, 0])
def test_caller_cancelled_but_not_delivered(limit: float) -> None:
    """A cancellation that is not delivered yet when `retry` is called ends it before the first attempt, also with a limit of zero."""

    async def main() -> None:
        log: list[str] = []

        async def make() -> None:
            log.append("attempt")
            try:
                await _forever()
            finally:
                raise OSError("while closing")

        async def job() -> None:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
            await retry(
                make,
                [0, 0],
                on=OSError,
                attempt_timeout=limit,
                timeout=limit,
            )

        call = await _started(job())
        assert call.cancelled()
        assert log == []

    _run(main)


def test_nan() -> None:
    """A limit or a delay that is NaN is a ValueError."""
    nan = float("nan")

    async def main() -> None:
        make = Attempts(OSError(), "two")
        for limits in ({"attempt_timeout": nan}, {"timeout": nan}):
            with pytest.raises(ValueError, match=r"limit.*NaN"):
                await retry(make, [0], on=OSError, **limits)
        assert make.log == []
        with pytest.raises(ValueError, match=r"delay.*NaN"):
            await retry(make, [nan], on=OSError)

    _run(main)


def test_caller_cancelled_as_time_is_up() -> None:
    """A caller cancelled in the iteration of the loop in which `attempt_timeout` or `timeout` is over ends cancelled."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for late in (0, 1e-9):
            for limits in (
                {"attempt_timeout": 5.0},
                {"timeout": 5.0},
            ):
                make = Attempts(None, "two")
                call = await _started(
                    retry(make, [0], on=TimeoutError, **limits)
                )
                # Both are due: before the limit and after it.
                when = loop.time() + 5 - 1e-9 + 2 * late
                loop.call_at(when, call.cancel)
                await _pass(5 + 1e-9)
                assert call.cancelled()
                assert make.log == ["attempt", "cancelled"]

    _run(main)


def test_request_turned_into_a_failure() -> None:
    """If a cancelled attempt raises an exception that `on` names, no other attempt follows."""

    async def main() -> None:
        log: list[str] = []

        async def make() -> None:
            log.append("attempt")
            try:
                await _forever()
            finally:
                raise OSError("while closing")

        call = await _started(
            retry(
                make,
                [0],
                on=OSError,
                attempt_timeout=60,
                timeout=60,
            )
        )
        call.cancel()
        with pytest.raises(OSError, match="while closing"):
            await call
        assert log == ["attempt"]
        assert call.cancelling() == 1

    _run(main)


def test_attempt_that_takes_a_request_back() -> None:
    """An attempt that catches a cancellation, calls uncancel() and raises an exception that `on` names is made again."""

    async def main() -> None:
        log: list[str] = []

        async def make() -> str:
            log.append("attempt")
            if len(log) == 2:
                return "two"
            try:
                await _forever()
            except asyncio.CancelledError:
                call.uncancel()
            raise OSError

        call = await _started(retry(make, [0], on=OSError))
        call.cancel()
        assert await call == "two"

    _run(main)


@needs_3_11_3
def test_in_the_cleanup_of_a_cancelled_task() -> None:
    """It retries in the cleanup of a cancelled task, too."""

    async def main() -> None:
        make = Attempts(OSError(), None, "three")

        async def job() -> None:
            try:
                await _forever()
            finally:
                assert (
                    await retry(
                        make, [0, 0], on=OSError, attempt_timeout=5
                    )
                    == "three"
                )

        task = await _started(job())
        task.cancel()
        await _pass(0)
        await _pass(5)
        assert task.cancelled()
        assert len(make.log) == 4

    _run(main)


def test_attempt_raises_cancelled_error() -> None:
    """A CancelledError that an attempt raises itself propagates, and no other attempt follows."""

    async def main() -> None:
        log: list[str] = []

        async def make() -> None:
            log.append("attempt")
            raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await retry(
                make,
                [0],
                on=Exception,
                attempt_timeout=60,
                timeout=60,
            )
        assert log == ["attempt"]

    _run(main)


def test_cancelled_error_is_refused() -> None:
    """CancelledError in `on`, or a parent of it, is a TypeError."""

    async def main() -> None:
        make = Attempts("one")
        for on in (
            asyncio.CancelledError,
            BaseException,
            (OSError, asyncio.CancelledError),
        ):
            wrong: Any = on
            with pytest.raises(
                TypeError, match=r"^CancelledError must not"
            ):
                await retry(make, [0], on=wrong)
        assert make.log == []

    _run(main)


def test_endless() -> None:
    """`delays` may be endless, and is read only as far as it is needed."""

    async def main() -> None:
        read: list[int] = []

        def delays() -> Iterator[float]:
            while True:
                read.append(1)
                yield 0.0

        make = Attempts(OSError(), OSError(), "three")
        assert await retry(make, delays(), on=OSError) == "three"
        assert len(read) == 2

    _run(main)


def test_twice_at_once() -> None:
    """Two calls may run at once, each with its own attempts and limits."""

    async def main() -> None:
        first = await _started(
            retry(Attempts(None), [], on=(), attempt_timeout=5)
        )
        second = await _started(
            retry(Attempts(OSError(), "two"), [9], on=OSError)
        )
        await _pass(5)
        with pytest.raises(TimeoutError):
            await first
        await _pass(4)
        assert await second == "two"

    _run(main)


def test_leaves_nothing_a_hundred_times() -> None:
    """A hundred calls leave no task, thread or descriptor."""

    async def main() -> None:
        for _ in range(100):
            make = Attempts(OSError(), None)
            call = await _started(
                retry(make, [0], on=OSError, timeout=5)
            )
            await _pass(5)
            with pytest.raises(TimeoutError):
                await call

    _run(main)
    threads = threading.active_count()
    files = len(os.listdir("/dev/fd"))
    _run(main)
    assert threading.active_count() == threads
    assert len(os.listdir("/dev/fd")) == files
