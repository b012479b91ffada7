# SPDX-License-Identifier: 0BSD
# Recipe: cancel_others 1.1.3
# Source: Please Stop, recipes/cancel-others
# Python: 3.8 or newer
"""Cancel every other task of the loop, and return those that go on."""

import asyncio
import math
from typing import Any, Optional, Set


async def cancel_others(
    grace: Optional[float] = None,
) -> "Set[asyncio.Task[Any]]":
    """Cancel all tasks but the current one, and wait for them.

    Each call cancels a task once at most. A task that is started while
    the call waits may be part of a cleanup, so it is left alone until
    every task that was cancelled has ended. Then it is cancelled, if
    there is time left. What a task raises stays in it, and asyncio
    reports an exception that no code retrieves. SystemExit and
    KeyboardInterrupt leave the loop as well. Without `grace`, tasks
    that suppress the cancellation, or start each other endlessly, are
    waited for as long as they run.

    Main and the tasks of libraries are cancelled too. So this is for
    the main task of a program that owns its loop, not for a handler
    in a server or a cell of a notebook. In another task, it cancels
    main. Before Python 3.12, `asyncio.wait_for` runs it in another
    task; pass `grace` instead. A task that awaits the caller directly,
    by `asyncio.gather` or in a TaskGroup passes its cancellation on to
    the caller, which then gets a CancelledError; one that awaits the
    caller by `asyncio.shield` or `asyncio.wait` does not. A task that
    awaits the caller in its cleanup goes on, and without `grace` both
    wait forever.

    When the caller is cancelled while it waits, CancelledError is
    raised at once. The tasks that it waits for have been cancelled,
    and finish their cleanup alone. Those that were started meanwhile
    run on.

    Not thread-safe: call it in the loop of the tasks. Works on every
    platform.

    Args:
        grace: Seconds to wait at most; None sets no limit. With zero
            or less, the tasks are cancelled and not waited for.

    Returns:
        The tasks that still run when the time is up. Those that were
        started meanwhile are included, cancelled or not. Empty if no
        task runs.

    Raises:
        ValueError: `grace` is NaN. No task is cancelled.
    """
    if grace is not None and math.isnan(grace):
        raise ValueError("grace is not a number")
    loop = asyncio.get_running_loop()
    deadline = None if grace is None else loop.time() + grace
    while True:
        others = _others()
        for task in others:
            task.cancel()
        left = None if deadline is None else deadline - loop.time()
        if not others or (left is not None and left <= 0):
            return others
        _, late = await asyncio.wait(others, timeout=left)
        if late:
            return _others()


def _others() -> "Set[asyncio.Task[Any]]":
    me: Any = asyncio.current_task()
    return asyncio.all_tasks() - {me}
