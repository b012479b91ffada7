# SPDX-License-Identifier: 0BSD
# Recipe: retry 1.0.0
# Source: Please Stop, recipes/retry
# Python: 3.11 or newer
"""Try again after a failure, but never after a request to stop."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def retry(
    make: Callable[[], Awaitable[T]],
    delays: Iterable[float],
    *,
    on: type[Exception] | tuple[type[Exception], ...],
    per: float | None = None,
    total: float | None = None,
) -> T:
    """Return the result of the first attempt that succeeds.

    An attempt is made again when it raises what `on` names, or when
    its own limit `per` ends it. A TimeoutError that the attempt raises
    by itself is like any other: it counts only if `on` names it.

    A limit cancels the attempt and waits for its cleanup. What the
    attempt makes of that counts: a value is returned, an exception
    treated as if the attempt had failed with it.

    When the caller is cancelled, once or twice, the attempt or the
    pause is, and no other attempt follows: not even if the attempt
    turns the request into an exception that `on` names, which is
    then raised. The same holds for `total`. Nothing is left running.

    Not thread-safe: runs in the caller's task. Works on every platform.

    Args:
        make: Starts an attempt: returns what is to be awaited. If it
            raises, that attempt has failed.
        delays: Seconds of pause before each further attempt; their
            number is that of the further attempts.
        on: The exceptions after which it is worth trying again.
        per: Seconds for each attempt. None is no limit.
        total: Seconds for all attempts and pauses. None is no limit.
            With a limit of zero or less, no attempt is made.

    Returns:
        What the attempt returned.

    Raises:
        TimeoutError: The time is up, or was for the last attempt.
        Exception: What the last attempt raised, or what `on` does
            not name.
        TypeError: `on` names CancelledError, or a parent of it.
    """
    if issubclass(asyncio.CancelledError, on):
        raise TypeError("CancelledError must not be retried")
    if any(
        limit is not None and limit <= 0 for limit in (per, total)
    ):
        raise TimeoutError("no time for an attempt")
    task = asyncio.current_task()
    assert task is not None  # a coroutine runs in a task
    asked = task.cancelling()
    pauses = iter(delays)
    async with asyncio.timeout(total):
        while True:
            timer = asyncio.timeout(per)
            try:
                async with timer:
                    return await make()
            except Exception as error:
                own = (
                    isinstance(error, TimeoutError)
                    and timer.expired()
                )
                if task.cancelling() > asked:
                    raise  # turned a request to stop into an error
                if not (own or isinstance(error, on)):
                    raise
                pause = next(pauses, None)
                if pause is None:
                    raise
                # In here, so that a timeout now names the failure.
                await asyncio.sleep(pause)
