# SPDX-License-Identifier: 0BSD
# Recipe: retry 2.0.2
# Source: Please Stop, recipes/retry
# Python: 3.11 or newer
"""Try again after a failure, but not after a cancellation."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def retry(
    make: Callable[[], Awaitable[T]],
    delays: Iterable[float],
    *,
    on: type[Exception] | tuple[type[Exception], ...],
    attempt_timeout: float | None = None,
    timeout: float | None = None,
) -> T:
    """Return the result of the first attempt that succeeds.

    Another attempt is made if one raises an exception that `on` names,
    or if `attempt_timeout` ends it. A TimeoutError that the attempt
    raises itself counts only if `on` names it.

    A limit cancels the attempt and waits for its cleanup, which the
    other limit can interrupt. If the attempt then returns a value, that
    is the result; if it raises another exception, it failed with that.

    When the caller is cancelled, once or twice, so is the attempt or
    the pause. No other attempt follows, even if the attempt turns the
    cancellation into an exception that `on` names; that exception is
    raised. The same holds for `timeout`. An attempt that calls
    `uncancel()` takes that back. Nothing is left running.

    Not thread-safe: runs in the caller's task. For any platform. In the
    cleanup of a cancelled task, limits need Python 3.11.3. Before 3.13,
    to be made again after its TaskGroup failed, an attempt must have a
    task of its own: `lambda: asyncio.create_task(attempt())`.

    Args:
        make: Returns an awaitable. If it raises, the attempt failed.
        delays: Seconds before each further attempt, one for each.
        on: The exceptions after which to try again, each with its
            subclasses: OSError names TimeoutError, too.
        attempt_timeout: Seconds for each attempt. None: no limit.
        timeout: Seconds for all attempts and pauses. None: no limit.
            With a limit of zero or less, no attempt is made.

    Raises:
        TimeoutError: `timeout` is over, or `attempt_timeout` ended
            the last attempt.
        Exception: What the last attempt raised, or one not in `on`.
        TypeError: `on` names CancelledError, or a parent of it.
        ValueError: A limit or a delay is NaN.
    """
    if issubclass(asyncio.CancelledError, on):
        raise TypeError("CancelledError must not be retried")
    given = attempt_timeout, timeout
    limits = [limit for limit in given if limit is not None]
    if any(math.isnan(limit) for limit in limits):
        raise ValueError("a limit must not be NaN")
    await asyncio.sleep(0)  # delivers an earlier cancellation here
    if any(limit <= 0 for limit in limits):
        raise TimeoutError("no time for an attempt")
    task = asyncio.current_task()
    assert task is not None  # a coroutine runs in a task
    before = task.cancelling()
    pauses = iter(delays)
    now = asyncio.get_running_loop().time
    async with asyncio.timeout(timeout) as overall:
        while True:
            timer, theirs = asyncio.timeout(attempt_timeout), False
            try:
                async with timer:
                    try:
                        return await make()
                    except Exception:
                        theirs = True  # not made by the timer
                        raise
            except Exception as error:
                if task.cancelling() > before:
                    raise  # it turned a cancellation into an error
                if theirs and not isinstance(error, on):
                    raise
                pause = next(pauses, None)
                if pause is None:
                    raise
                if math.isnan(pause):
                    raise ValueError(
                        "a delay must not be NaN"
                    ) from error
                # In here, so that a timeout now names the failure.
                await asyncio.sleep(pause)
                end = overall.when()
                if end is not None and now() >= end:
                    raise TimeoutError("no time is left") from error
