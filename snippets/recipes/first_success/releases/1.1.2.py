# SPDX-License-Identifier: 0BSD
# Recipe: first_success 1.1.2
# Source: Please Stop, recipes/first-success
# Python: 3.8 or newer
"""Take the first result of several coroutines, cancel the others."""

import asyncio
from typing import Any, Coroutine, List, Optional, TypeVar

T = TypeVar("T")


class AllFailedError(Exception):
    """No coroutine returned; `errors` has one exception for each."""

    def __init__(self, errors: "List[BaseException]") -> None:
        super().__init__(errors)
        self.errors = errors


async def first_success(*contenders: "Coroutine[Any, Any, T]") -> T:
    """Run coroutines at once, return the first result, cancel the rest.

    A coroutine that raises is out of the race, and so is one that
    ends as cancelled. This call cancels each loser once, and waits for
    all. When it ends, all coroutines have ended, their cleanup included.

    When the caller is cancelled, all coroutines are cancelled and
    waited for in the same way, then CancelledError is raised. So is a
    cancellation during the cleanup of the losers; the result is lost
    then. A loser that suppresses its cancellation is waited for, and
    no timeout around this call changes that.

    What a coroutine raises before it is cancelled is kept for the
    case that all fail. What it raises afterwards, in its cleanup, is
    reported by asyncio.

    Not thread-safe: call it in a running loop. Works on every
    platform.

    Args:
        *contenders: Coroutines; each gets a task of its own. If the
            call is cancelled before its first step, they never run,
            and Python warns that they were not awaited.

    Returns:
        The result of the coroutine that was the first to return.

    Raises:
        AllFailedError: No coroutine returned.
        TypeError: An argument is not a coroutine. Before Python 3.12,
            asyncio takes generators for coroutines.
        ValueError: There are no arguments.
    """
    if not contenders:
        raise ValueError("first_success needs a coroutine")
    tasks: "List[asyncio.Task[T]]" = []
    ended: "asyncio.Queue[asyncio.Future[T]]" = asyncio.Queue()
    try:
        for contender in contenders:
            task = asyncio.create_task(contender)
            tasks.append(task)
            task.add_done_callback(ended.put_nowait)
        for _ in contenders:
            first = await ended.get()
            if _error(first) is None:
                return first.result()
        errors = [e for e in map(_error, tasks) if e is not None]
        raise AllFailedError(errors) from errors[0]
    finally:
        for rest in contenders[len(tasks) :]:  # after a TypeError
            if asyncio.iscoroutine(rest):
                rest.close()
        for task in tasks:
            if task.done():
                _error(
                    task
                )  # retrieved, so asyncio does not report it
        await _stop(tasks)


def _error(task: "asyncio.Future[Any]") -> Optional[BaseException]:
    if task.cancelled():
        return asyncio.CancelledError()
    return task.exception()


async def _stop(tasks: "List[asyncio.Task[T]]") -> None:
    pending = [task for task in tasks if not task.done()]
    for task in pending:
        task.cancel()
    request = None
    while not all(task.done() for task in pending):
        try:
            await asyncio.wait(pending)
        except asyncio.CancelledError as error:
            request = error.args  # raised when all have ended
    if request is not None:
        raise asyncio.CancelledError(*request)
