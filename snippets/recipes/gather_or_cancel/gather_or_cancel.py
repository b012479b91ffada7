# SPDX-License-Identifier: 0BSD
# Recipe: gather_or_cancel 1.1.3
# Source: Please Stop, recipes/gather-or-cancel
# Python: 3.8 or newer
"""Gather results; when one fails, cancel the others and wait."""

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
    """Await several works at once; return all results, or none.

    The first failure ends it: the others are cancelled and waited for,
    then the failure is raised. When this call ends, all works and their
    cleanup have ended, except works that it refuses, or all if it is
    cancelled before its first step. asyncio reports what others raise.

    When the caller is cancelled, this call cancels each work once,
    waits for all, also for one that suppresses its cancellation, and
    raises CancelledError. A cancellation during their cleanup is raised
    after it, in place of a failure. Not thread-safe. For any platform.

    Args:
        *works: Tasks, futures of this loop, coroutines (each once: a
            second time, it usually fails with RuntimeError).

    Returns:
        The results, in the order of the arguments.

    Raises:
        BaseException: What the first work to fail raised. A work
            that ends as cancelled has failed with CancelledError.
        RuntimeError, TypeError, ValueError: A work is the current
            task, cannot be awaited, or belongs to another loop.
    """
    ended: "asyncio.Queue[asyncio.Future[Any]]" = asyncio.Queue()
    futures, errors = _start(works, ended)
    del works  # with a failed task, this frame would be a cycle
    try:
        if errors:
            raise errors[0]
        for _ in range(len(futures)):
            (await ended.get()).result()  # raises the first failure
        return tuple(future.result() for future in futures)
    finally:
        errors.clear()  # as above
        await _stop(futures)


def _start(
    works: "Tuple[Awaitable[Any], ...]", ended: "asyncio.Queue[Any]"
) -> "Tuple[List[asyncio.Future[Any]], List[BaseException]]":
    futures: "List[asyncio.Future[Any]]" = []
    errors: List[BaseException] = []
    loop = asyncio.get_running_loop()
    for work in works:
        try:
            if work is asyncio.current_task():
                raise RuntimeError("a task cannot await itself")
            futures.append(asyncio.ensure_future(work, loop=loop))
            futures[-1].add_done_callback(ended.put_nowait)
        except BaseException as error:  # noqa: BLE001 - eager sys.exit
            errors.append(error)
    return futures, errors


async def _stop(futures: "List[asyncio.Future[Any]]") -> None:
    pending = [f for f in dict.fromkeys(futures) if not f.done()]
    futures.clear()  # as above
    for one in pending:
        one.cancel()
    request = None
    while not all(one.done() for one in pending):
        try:
            await asyncio.wait(pending)
        except asyncio.CancelledError as error:
            request = error.args  # raised when all have ended
    if request is not None:
        raise asyncio.CancelledError(*request)
