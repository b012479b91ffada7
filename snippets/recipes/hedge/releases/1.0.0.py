# SPDX-License-Identifier: 0BSD
# Recipe: hedge 1.0.0
# Source: Please Stop, recipes/hedge
# Python: 3.11 or newer
"""Start another attempt when one is slow, and take the first result."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def hedge(
    make: Callable[[], Awaitable[T]], delays: Iterable[float]
) -> T:
    """Return the first result of several overlapping attempts.

    The first attempt starts at once, each further one when the newest
    has run for its delay, or at once when any attempt fails. The first
    to return wins, of two at once the older. An attempt must do no
    harm when it runs twice, or twice at the same time.

    The losers are cancelled, each once, and waited for, their cleanup
    included, before this returns. So nothing is left running, and a
    loser that refuses to end holds this up. What it returns is
    dropped, what it raises then is reported by asyncio.

    When the caller is cancelled, all attempts are cancelled and waited
    for in the same way, then CancelledError is raised; a second request
    does not hurry them. A result that came meanwhile is lost.

    Not thread-safe: runs in the caller's loop. Works on every platform.

    Args:
        make: Starts an attempt: returns what is to be awaited. If it
            raises, that attempt has failed.
        delays: Seconds before each further attempt; their number is
            that of the further attempts. At zero or less, the attempt
            before still gets as far as the first wait in it.

    Returns:
        What the winner returned.

    Raises:
        BaseExceptionGroup: Every attempt failed. Holds what each raised,
            in the order of their failing. This is an ExceptionGroup,
            unless one ended as cancelled, which counts as failing.
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
                running.append(asyncio.create_task(attempt()))
            await asyncio.wait(
                running,
                timeout=pause,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in [t for t in running if t.done()]:
                running.remove(task)
                try:
                    return task.result()
                except (Exception, asyncio.CancelledError) as error:
                    errors.append(error)
        raise BaseExceptionGroup("every attempt failed", errors)
    finally:
        await _stop(running)


async def _stop(tasks: Iterable[asyncio.Task[T]]) -> None:
    pending = {task for task in tasks if task.cancel()}
    request = None
    while pending:
        try:
            _, pending = await asyncio.wait(pending)
        except asyncio.CancelledError as error:
            request = error  # raised below, when all have ended
    if request is not None:
        raise request
