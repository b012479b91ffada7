# SPDX-License-Identifier: 0BSD
# Recipe: batch 1.0.0
# Source: Please Stop, recipes/batch
# Python: 3.11 or newer
"""Run many calls, some at once, and keep what is done in time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

A = TypeVar("A")
T = TypeVar("T")


@dataclass(frozen=True)
class Done(Generic[T]):
    """The call returned `value`."""

    value: T


@dataclass(frozen=True)
class Failed:
    """The call raised `error`."""

    error: BaseException


@dataclass(frozen=True)
class TimedOut:
    """The call was cut off, or not even `started`."""

    started: bool


async def batch(
    function: Callable[[A], Awaitable[T]],
    items: Iterable[A],
    *,
    limit: int,
    total: float | None = None,
) -> list[Done[T] | Failed | TimedOut]:
    """Call `function` for each item, and tell how each call ended.

    Each call is a task of its own, started in order when one of the
    `limit` places is free. When the time is up none is started any
    more; those that run are cancelled once and waited for. Which then
    returns a value is Done, which raises something else is Failed.

    When the caller is cancelled, once or twice, the running calls are
    cancelled once and waited for, then CancelledError is raised and
    the outcomes are lost. Nothing is left running: a call that refuses
    to end holds this up. Not thread-safe; works on every platform.

    Args:
        function: Takes an item, returns what is to be awaited.
        items: Read to the end before the first call.
        limit: How many calls may run at once, 1 or more.
        total: Seconds for all together. At zero or less none starts.

    Returns:
        One outcome per item, in their order. A call that ended as
        cancelled without having been asked here is Failed.

    Raises:
        ValueError: `limit` is less than 1.
    """
    if limit < 1:
        raise ValueError("limit must be 1 or more")
    todo, places = list(items), asyncio.Semaphore(limit)
    timer = asyncio.timeout(total)
    outcomes: list[Done[T] | Failed | TimedOut] = []
    outcomes += [TimedOut(False)] * len(todo)

    async def call(index: int) -> None:
        outcomes[index] = TimedOut(True)
        try:
            outcomes[index] = Done(await function(todo[index]))
        except asyncio.CancelledError as error:
            if not timer.expired():
                outcomes[index] = Failed(error)
            raise
        except Exception as error:
            outcomes[index] = Failed(error)
        finally:
            places.release()

    now, end = asyncio.get_running_loop().time, timer.when()
    with suppress(
        TimeoutError
    ):  # the timer's; those of calls are kept
        async with timer, asyncio.TaskGroup() as group:
            for index in range(len(todo)):
                await places.acquire()
                if end is not None and now() >= end:
                    break  # the timer may be late
                group.create_task(call(index))
    return outcomes
