# SPDX-License-Identifier: 0BSD
# Recipe: finish 1.0.3
# Source: Please Stop, recipes/finish
# Python: 3.8 or newer
"""Complete an awaitable although the caller is cancelled."""

import asyncio
from typing import Any, Awaitable, Optional, Tuple, TypeVar

T = TypeVar("T")


async def finish(work: "Awaitable[T]") -> T:
    """Await something to its end, however often you are cancelled.

    The work runs in a task of its own, which cancelling the caller does
    not reach. When the work has ended, the last cancellation of the
    caller is raised. A caller that was cancelled just before the call
    starts the work nevertheless. If that work has ended already, or
    ends in its first step as an eager task can, the call does not wait,
    and the cancellation is raised where the caller waits next.

    Await the call itself. A task for it, as `create_task` or `gather`
    make one, can be cancelled before its first step (`wait_for` does it
    if the limit is zero or less), and then the work does not start. So
    write `finish(gather(a(), b(), return_exceptions=True))`. Without
    that argument, `gather` ends when the first fails; others run on.

    Work that never ends makes a caller that cannot be cancelled. Limit
    the work itself: in `finish(wait_for(close(), 5))`, `close` is
    cancelled after 5 seconds.

    Cancelling the work's own task cancels the work; `asyncio.run` does
    that to all tasks that are left when main has ended, or when a
    Ctrl-C has ended the loop: the second, before Python 3.11 the
    first. A cancelled scope of AnyIO keeps the loop busy until the
    work has ended.

    Not thread-safe: call it in the loop of the work. Works on every
    platform.

    Args:
        work: A coroutine, or a task or future that runs already.

    Returns:
        What the work returns, if the caller was not cancelled.

    Raises:
        CancelledError: The caller was cancelled. The outcome of the
            work stays in its task, and asyncio reports an exception
            that no code retrieves. Or the work raised CancelledError.
        Exception: What the work raised, if the caller was not
            cancelled.
        RuntimeError: The work is the current task, which would wait
            for itself.
        ValueError: The work belongs to another loop.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work, loop=loop)
    if task is asyncio.current_task():
        raise RuntimeError("a task cannot wait for its own end")
    cancelled: "Optional[Tuple[Any, ...]]" = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            # Not the exception: its traceback holds this frame, and
            # only the garbage collector could free such a cycle.
            cancelled = error.args
    if cancelled is not None:
        raise asyncio.CancelledError(*cancelled)
    try:
        return task.result()
    finally:
        # They hold the exception, whose traceback holds this frame.
        del task, work
