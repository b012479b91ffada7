# SPDX-License-Identifier: 0BSD
# Recipe: batch 2.0.2
# Source: Please Stop, recipes/batch
# Python: 3.11 or newer
"""Run many calls, some at once, and keep the results that are done."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

A = TypeVar("A")
T = TypeVar("T")


@dataclass(frozen=True)
class Done(Generic[T]):
    value: T


@dataclass(frozen=True)
class Failed:
    error: BaseException


@dataclass(frozen=True)
class TimedOut:
    started: bool


async def batch(
    function: Callable[[A], Awaitable[T]],
    items: Iterable[A],
    *,
    max_at_once: int,
    timeout: float | None = None,
) -> list[Done[T] | Failed | TimedOut]:
    """Call `function` for each item, and return how each call ended.

    Each call is a task of its own, started in order when one of the
    `max_at_once` places is free. When the time is up, no more start,
    and `batch` cancels those that run once, and waits for them. If it
    is cancelled, once or twice, it does the same, then CancelledError
    is raised and the outcomes are lost. A call that suppresses its
    cancellation holds this up. Not thread-safe; for any platform. In
    the cleanup of a cancelled task, `timeout` needs Python 3.11.3.

    Args:
        function: Takes an item, returns an awaitable.
        items: Read to the end before the first call.
        max_at_once: How many calls may run at once, 1 or more.
        timeout: Seconds for all together. At zero or less none starts.

    Returns:
        One outcome per item, in order. Done: the call returned, even
        if cancelled. Failed: it raised, or other code cancelled it and
        it ended before the timer fired. TimedOut: cut off, or not begun.

    Raises:
        ValueError: `max_at_once` is below 1, or not whole; a limit is NaN.
    """
    if not max_at_once >= 1 or max_at_once % 1 > 0:  # also for NaN
        raise ValueError("max_at_once must be 1 or more")
    if timeout is not None and math.isnan(timeout):
        raise ValueError("timeout is not a number")
    todo, places = list(items), asyncio.Semaphore(max_at_once)
    timer = asyncio.timeout(timeout)
    outcomes = dict[int, Done[T] | Failed | TimedOut]()

    async def call(index: int) -> None:
        if end is not None and now() >= end:
            return  # the timer may be late
        outcomes[index] = TimedOut(True)
        try:
            outcomes[index] = Done(await function(todo[index]))
        except (KeyboardInterrupt, SystemExit):
            raise  # ends the loop
        except BaseException as error:
            cut = isinstance(error, asyncio.CancelledError)
            if not (cut and timer.expired()):
                outcomes[index] = Failed(error)

    def ended(index: int, task: "asyncio.Task[None]") -> None:
        places.release()
        cancelled = task.cancelled() and not timer.expired()
        if cancelled and index not in outcomes:  # it never began
            outcomes[index] = Failed(asyncio.CancelledError())

    now, end = asyncio.get_running_loop().time, timer.when()
    with suppress(TimeoutError):  # of the timer, not of a call
        async with timer, asyncio.TaskGroup() as group:
            for index in range(len(todo)):
                await places.acquire()
                task = group.create_task(call(index))
                task.add_done_callback(partial(ended, index))
    never = TimedOut(False)
    return [outcomes.pop(i, never) for i in range(len(todo))]
