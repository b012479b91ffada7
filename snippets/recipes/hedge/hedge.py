# SPDX-License-Identifier: 0BSD
# Recipe: hedge 1.0.4
# Source: Please Stop, recipes/hedge
# Python: 3.11 or newer
"""Start another attempt when one is slow, and take the first result."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def hedge(
    make: Callable[[], Awaitable[T]], delays: Iterable[float]
) -> T:
    """Return the first result of several overlapping attempts.

    The first attempt starts at once. Each further attempt starts when
    the newest has run for its delay, or at once when an attempt fails;
    several that fail in the same turn of the loop start one. The first
    attempt that returns wins; of two in the same turn, the older one.
    An older one that returns up to two turns later may also win. An
    attempt must do no harm if it runs twice, or twice at the same time.

    This call cancels each loser once, and returns when they have ended,
    their cleanup included. So no attempt is left running, and a loser
    that suppresses its cancellation holds up the result. What it then
    returns is dropped; what it raises is reported by asyncio.

    When the caller is cancelled, all attempts are cancelled and waited
    for in the same way, then CancelledError is raised. A second
    cancellation does not shorten the wait. A result that came in the
    meantime is lost.

    Not thread-safe: runs in the caller's loop. For any platform.

    Args:
        make: Starts an attempt: returns an awaitable. If `make` itself
            raises, that attempt has failed.
        delays: Seconds before each further attempt, one number for each.
            With zero or less, the attempt before still runs up to its
            first wait; with `math.inf`, only a failure starts the next.

    Returns:
        What the winner returned.

    Raises:
        BaseExceptionGroup: Every attempt failed. Holds their exceptions
            in the order of the failures, except that an older attempt
            may precede if it fails up to two turns later; for one that
            was cancelled, a new CancelledError. It is an ExceptionGroup
            if each of them is an Exception.
        ValueError: A delay is NaN. Attempts that run are stopped.
    """

    async def attempt() -> T:
        return await make()

    pauses = iter(delays)
    running: list[asyncio.Task[T]] = []
    errors: list[BaseException] = []
    pause: float | None = 0.0
    try:
        while running or pause is not None:
            if pause is not None:
                pause = next(pauses, None)
                if pause is not None and math.isnan(pause):
                    raise ValueError("a delay is not a number")
                running.append(asyncio.create_task(attempt()))
            await asyncio.wait(
                running,
                timeout=pause,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in [t for t in running if t.done()]:
                running.remove(task)
                if task.cancelled():
                    errors.append(asyncio.CancelledError())
                elif (error := task.exception()) is not None:
                    errors.append(error)
                else:
                    return task.result()
        raise BaseExceptionGroup("every attempt failed", errors)
    finally:
        await _stop(running)


async def _stop(tasks: Iterable[asyncio.Task[T]]) -> None:
    # Cancelling a task that has failed keeps asyncio from reporting it.
    pending = [task for task in tasks if task.cancel()]
    request = None
    while not all(task.done() for task in pending):
        try:
            await asyncio.wait(pending)
        except asyncio.CancelledError as error:
            request = error.args  # raised when all have ended
    if request is not None:
        raise asyncio.CancelledError(*request)
