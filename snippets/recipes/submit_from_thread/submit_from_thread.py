# SPDX-License-Identifier: 0BSD
# Recipe: submit_from_thread 1.0.0
# Source: Please Stop, recipes/submit-from-thread
# Python: 3.8 or newer
"""Run a coroutine in the loop of another thread, with a time limit."""

import asyncio
import concurrent.futures
import threading
from typing import Any, Coroutine, List, Optional, TypeVar

T = TypeVar("T")


def submit_from_thread(
    coroutine: "Coroutine[Any, Any, T]",
    loop: asyncio.AbstractEventLoop,
    timeout: Optional[float] = None,
    *,
    grace: float = 0,
) -> T:
    """Run a coroutine in a loop of another thread, and wait for it.

    When the time is up the task is cancelled, and has `grace` seconds
    to clean up; what it then returns or raises is handed on. If it
    has not ended by that time the call raises, whatever the loop does.
    The task goes on alone, and asyncio reports its exception.

    An exception that interrupts the wait, like Ctrl-C, cancels the
    task and goes on at once. A loop that is stopped, or closed in the
    middle, is waited for as well, without a timeout for ever.

    Call it from any thread that runs no loop, on every platform.

    Args:
        coroutine: What to run; closed if it cannot be started.
        loop: Where to run it.
        timeout: Seconds until it is cancelled; none for None. For zero
            and less it is cancelled at once, most often unstarted.
        grace: Seconds for its cleanup after that.

    Returns:
        What the coroutine returned.

    Raises:
        concurrent.futures.TimeoutError: The time was up.
        concurrent.futures.CancelledError: Not this call, but somebody
            else cancelled the task: the end of `asyncio.run` does.
        RuntimeError: This thread runs a loop, which it would block, or
            `loop` is closed, or could not start the coroutine.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass  # as it should be
    else:
        coroutine.close()
        raise RuntimeError(
            "this would block the loop of this thread"
        )
    tasks: "List[asyncio.Task[T]]" = []
    ended = threading.Event()

    def start() -> None:
        try:
            tasks.append(loop.create_task(coroutine))
        except BaseException:  # of a task factory
            ended.set()
            raise
        tasks[0].add_done_callback(lambda _: ended.set())

    def cancel() -> None:
        for task in tasks:
            task.cancel()

    try:
        loop.call_soon_threadsafe(start)
        ended.wait(timeout)
    finally:
        if asked := not ended.is_set():
            try:
                loop.call_soon_threadsafe(cancel)
            except RuntimeError:  # closed
                if not tasks:
                    coroutine.close()
    if not ended.wait(grace):
        raise concurrent.futures.TimeoutError
    if not tasks:
        coroutine.close()
        raise RuntimeError("the loop could not start the coroutine")
    if tasks[0].cancelled():
        if asked:
            raise concurrent.futures.TimeoutError
        raise concurrent.futures.CancelledError
    return tasks[0].result()
