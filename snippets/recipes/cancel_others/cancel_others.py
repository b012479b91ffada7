# SPDX-License-Identifier: 0BSD
# Recipe: cancel_others 1.0.0
# Source: Please Stop, recipes/cancel-others
# Python: 3.8 or newer
"""Cancel every other task of the loop, and say which ones refuse."""

import asyncio
from typing import Any, Optional, Set


async def cancel_others(
    grace: Optional[float] = None,
) -> "Set[asyncio.Task[Any]]":
    """Ask all tasks but the current one to stop, and wait for them.

    Each task is asked once. Tasks that others start while they clean
    up are asked in turn. What the tasks raise stays in them, and
    asyncio reports it.

    Every task is asked, main and those of libraries too: this is for
    the main task of a program that owns its loop, not for a handler
    in a server or a cell of a notebook. Called elsewhere, it cancels
    main. A task that awaits the caller passes its request on to the
    caller, which then gets a `CancelledError`.

    When the caller is cancelled meanwhile, the request goes on to
    the caller at once. The tasks were asked already, and finish
    their cleanup alone.

    Not thread-safe: call it in the loop of the tasks. Works on every
    platform.

    Args:
        grace: Seconds to wait at most; None waits as long as it
            takes. With zero or less, the tasks are only asked.

    Returns:
        The tasks that still run when the time is up, empty if none
        does.
    """
    loop = asyncio.get_running_loop()
    deadline = None if grace is None else loop.time() + grace
    me = asyncio.current_task()
    asked: "Set[asyncio.Task[Any]]" = set()
    left: Optional[float] = None
    while True:
        others = asyncio.all_tasks() - {me}
        for task in others - asked:
            task.cancel()
        asked |= others
        if deadline is not None:
            left = deadline - loop.time()
        if not others or (left is not None and left <= 0):
            return others
        await asyncio.wait(
            others,
            timeout=left,
            return_when=asyncio.FIRST_COMPLETED,
        )
