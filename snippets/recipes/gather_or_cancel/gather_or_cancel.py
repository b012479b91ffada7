# SPDX-License-Identifier: 0BSD
# Recipe: gather_or_cancel 1.0.0
# Source: Please Stop, recipes/gather-or-cancel
# Python: 3.8 or newer
"""Gather results; when one fails, stop the others and wait."""

import asyncio
from typing import Any, Awaitable, List, Tuple, TypeVar, overload

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


@overload
async def gather_or_cancel(
    a: "Awaitable[A]", b: "Awaitable[B]", /
) -> "Tuple[A, B]": ...
@overload
async def gather_or_cancel(
    a: "Awaitable[A]", b: "Awaitable[B]", c: "Awaitable[C]", /
) -> "Tuple[A, B, C]": ...
@overload
async def gather_or_cancel(
    *works: "Awaitable[A]",
) -> "Tuple[A, ...]": ...


async def gather_or_cancel(
    *works: "Awaitable[Any]",
) -> "Tuple[Any, ...]":
    """Await several things at once, all of them or none.

    The first failure ends it: the others are cancelled and waited
    for, then the failure is raised, as it is. When this call ends,
    in whatever way, all works have ended, their cleanup included.

    When the caller is cancelled, all works are cancelled. A request
    while they clean up goes on to them too, and is raised when they
    have ended, in place of a failure, which is its `__context__`
    then. Work that refuses to stop is waited for as long as it runs,
    and no timeout around this call changes that.

    What the others raise stays in their tasks, and asyncio reports
    it. Not thread-safe: call it in the loop of the works. Works on
    every platform.

    Args:
        *works: Coroutines, tasks or futures. A task that is given
            is cancelled like the others.

    Returns:
        The results, in the order of the arguments.

    Raises:
        CancelledError: The caller was cancelled, or one of the works
            ended as cancelled, which counts as a failure.
        Exception: Whatever the first work to fail has raised.
        RuntimeError: A work is the current task.
        ValueError: A work belongs to another loop.
    """
    loop = asyncio.get_running_loop()
    futures: "List[asyncio.Future[Any]]" = []
    ended: "asyncio.Queue[asyncio.Future[Any]]" = asyncio.Queue()
    try:
        for work in works:
            future = asyncio.ensure_future(work, loop=loop)
            if future is asyncio.current_task():
                raise RuntimeError(
                    "a task cannot wait for its own end"
                )
            futures.append(future)
            future.add_done_callback(ended.put_nowait)
        for _ in futures:
            (await ended.get()).result()  # raises the first failure
        return tuple(future.result() for future in futures)
    finally:
        await _stop(futures)


async def _stop(futures: "List[asyncio.Future[Any]]") -> None:
    """Cancel all until they have ended; then raise a request."""
    request = None
    while True:
        running = [one for one in futures if not one.done()]
        if not running:
            break
        for one in running:
            one.cancel()
        try:
            await asyncio.wait(running)
        except asyncio.CancelledError as error:
            request = error.args
    if request is not None:
        raise asyncio.CancelledError(*request)
