# SPDX-License-Identifier: 0BSD
# Recipe: cancel_and_wait 1.0.3
# Source: Please Stop, recipes/cancel-and-wait
# Python: 3.8 or newer
"""Cancel a task and wait until it has ended."""

import asyncio
from typing import Any


async def cancel_and_wait(task: "asyncio.Task[Any]") -> bool:
    """Cancel a task, and return when it and its cleanup have ended.

    `asyncio.wait` waits for the task and does not raise what the task
    raised, so a `CancelledError` that leaves this call is always the
    caller's own. A result or an exception stays in the task: asyncio
    still reports an exception that no code retrieves. SystemExit and
    KeyboardInterrupt in the task also leave the loop, as in every task.

    If the caller is cancelled meanwhile, CancelledError leaves the call
    at once. The task was cancelled already and cleans up alone. A
    caller that is cancelled before its first step does not cancel the
    task: `asyncio.wait_for` with a timeout of zero starts no call.

    Each call cancels once: a second call interrupts an await in the
    cleanup that the first call started. A task that suppresses the
    cancellation is waited for as long as it runs, and one that awaits
    the caller in its cleanup waits forever, as the caller does. Put
    the call into a timeout to stop waiting.

    Not thread-safe: call it in the loop of the task. Works on every
    platform.

    Args:
        task: The task to cancel. One that has ended stays as it is.

    Returns:
        True if the task ended as cancelled, False if it returned or
        raised another exception, before or after this call.

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
