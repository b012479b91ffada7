# SPDX-License-Identifier: 0BSD
# Recipe: finish 1.0.0
# Source: Please Stop, recipes/finish
# Python: 3.8 or newer
"""Finish an awaitable although the caller is cancelled."""

import asyncio
from typing import Any, Awaitable, Optional, Tuple, TypeVar

T = TypeVar("T")


async def finish(work: "Awaitable[T]") -> T:
    """Await something to its end, however often you are cancelled.

    The work gets a task of its own, which no request to the caller
    reaches. Requests are kept, not lost: when the work has ended,
    the last one is raised. A request that was pending before the
    call does not keep the work from starting.

    Work that never ends makes a caller that cannot be cancelled.
    Give the work a limit inside, `finish(wait_for(close(), 5))` for
    5 seconds. Nothing is left running when this call has ended.

    Whoever cancels the work's own task does stop the work, and
    `asyncio.run` does that with all tasks left when main has ended.

    Not thread-safe: call it in the loop of the work. Works on every
    platform.

    Args:
        work: A coroutine, or a task or future that runs already.

    Returns:
        What the work returns, if the caller was not cancelled.

    Raises:
        CancelledError: The caller was cancelled. The outcome of the
            work stays in its task, from where asyncio reports a
            failure. Or the work itself ended as cancelled.
        Exception: Whatever the work raised, if the caller was not
            cancelled.
        RuntimeError: The work is the current task, which would wait
            for itself.
        ValueError: The work belongs to another loop.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work, loop=loop)
    if task is asyncio.current_task():
        raise RuntimeError("a task cannot wait for its own end")
    request: "Optional[Tuple[Any, ...]]" = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            # Not the exception: its traceback holds this frame, and
            # only the garbage collector could free the two.
            request = error.args
    if request is not None:
        raise asyncio.CancelledError(*request)
    return task.result()
