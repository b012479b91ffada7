# SPDX-License-Identifier: 0BSD
# Recipe: cancel_and_wait 1.0.0
# Source: Please Stop, recipes/cancel-and-wait
# Python: 3.8 or newer
"""Cancel a task and wait until it has ended."""

import asyncio
from typing import Any


async def cancel_and_wait(task: "asyncio.Task[Any]") -> bool:
    """Ask a task to stop, and return when it has ended, its cleanup included.

    The task is waited for with `asyncio.wait`, which never raises
    what the task raised, so a `CancelledError` that comes out of this
    call is always the caller's own. A result or an exception stays in
    the task: nothing is retrieved, and an exception that nobody
    retrieves is still reported by asyncio.

    When the caller is cancelled meanwhile, the request goes on to the
    caller at once; the task was asked already and finishes its cleanup
    alone. A second request to the caller has nothing left to
    interrupt. A task that refuses to stop is waited for as long as it
    runs: put the call into a timeout to give up.

    Not thread-safe: call it in the loop of the task. Works on every
    platform.

    Args:
        task: The task to stop. One that has ended is left as it is.

    Returns:
        True if the task ended as cancelled, False if it returned or
        raised something else, before or after it was asked.

    Raises:
        RuntimeError: The task is the current one, which would wait for
            itself, or it belongs to another loop. It is not cancelled.
    """
    if task is asyncio.current_task():
        raise RuntimeError("a task cannot wait for its own end")
    if task.get_loop() is not asyncio.get_running_loop():
        raise RuntimeError("the task belongs to another loop")
    task.cancel()
    await asyncio.wait({task})
    return task.cancelled()
