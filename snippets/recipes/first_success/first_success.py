# SPDX-License-Identifier: 0BSD
# Recipe: first_success 1.0.0
# Source: Please Stop, recipes/first-success
# Python: 3.8 or newer
"""Take the first result of several coroutines, stop the others."""

import asyncio
from typing import Any, Coroutine, List, Optional, Tuple, TypeVar

T = TypeVar("T")


class AllFailedError(Exception):
    """No contender returned; `errors` says why, in their order."""

    def __init__(self, errors: "List[BaseException]") -> None:
        super().__init__(errors)
        self.errors = errors


async def first_success(*contenders: "Coroutine[Any, Any, T]") -> T:
    """Run coroutines at once, return the first result, stop the rest.

    A contender that raises is out of the race, and so is one that
    ends as cancelled. When this call ends, in whatever way, every
    contender has ended, its cleanup included: the losers are
    cancelled and waited for.

    When the caller is cancelled, all contenders are cancelled. A
    request while the losers clean up goes on to them too, and is
    raised when they have ended; the result is lost then. A loser
    that refuses to stop is waited for as long as it runs, and no
    timeout around this call changes that.

    What a contender raises before it was told to stop is kept for
    the case that all fail. What it raises later, in its cleanup,
    asyncio reports.

    Not thread-safe: call it in a running loop. Works on every
    platform.

    Args:
        *contenders: Coroutines; each gets a task of its own.

    Returns:
        The result of the contender that was the first to return.

    Raises:
        AllFailedError: No contender returned.
        ValueError: There is no contender.
    """
    if not contenders:
        raise ValueError("a race needs a contender")
    tasks: "List[asyncio.Task[T]]" = []
    ended: "asyncio.Queue[asyncio.Future[T]]" = asyncio.Queue()
    try:
        for contender in contenders:
            task = asyncio.create_task(contender)
            tasks.append(task)
            task.add_done_callback(ended.put_nowait)
        for _ in tasks:
            first = await ended.get()
            if _error(first) is None:
                return first.result()
        errors = [e for e in map(_error, tasks) if e is not None]
        raise AllFailedError(errors) from errors[0]
    finally:
        for task in tasks:
            if task.done():
                _error(task)  # seen, so asyncio does not report it
        await _stop(tasks)


def _error(ended: "asyncio.Future[Any]") -> Optional[BaseException]:
    if ended.cancelled():
        return asyncio.CancelledError()
    return ended.exception()


async def _stop(tasks: "List[asyncio.Task[T]]") -> None:
    """Cancel the tasks until they have ended; then raise a request."""
    request: "Optional[Tuple[Any, ...]]" = None
    while True:
        running = [task for task in tasks if not task.done()]
        if not running:
            break
        for task in running:
            task.cancel()
        try:
            await asyncio.wait(running)
        except asyncio.CancelledError as error:
            request = error.args
    if request is not None:
        raise asyncio.CancelledError(*request)
