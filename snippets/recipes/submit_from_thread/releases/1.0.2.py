# SPDX-License-Identifier: 0BSD
# Recipe: submit_from_thread 1.0.2
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

    The call returns or raises what the coroutine does. When the time
    is up, the task is cancelled, and has `grace` seconds to clean up.
    If the task has not ended by then, the call raises TimeoutError,
    whatever the loop does. The task runs on, and asyncio reports its
    exception.

    An exception that interrupts the wait, like Ctrl-C, cancels the
    task and leaves this call at once. Without a timeout, a loop that is
    stopped, or closed while the task runs, is waited for forever.

    Call it from any thread that runs no loop, on every platform.

    Args:
        coroutine: What to run; closed if it cannot be started.
        loop: Where to run it.
        timeout: Seconds until it is cancelled; no limit for None and
            math.inf. Zero and less cancel at once, usually unstarted.
        grace: Seconds for its cleanup after that; math.inf: no limit.

    Raises:
        concurrent.futures.TimeoutError: The time was up.
        concurrent.futures.CancelledError: Not this call, but other
            code cancelled the task; `asyncio.run` does when it ends.
        RuntimeError: This thread runs a loop, which it would block, or
            `loop` is closed, or could not start the coroutine.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        coroutine.close()
        raise RuntimeError(
            "this would block the loop of this thread"
        )
    inf = float("inf")
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

    def stop() -> None:
        try:
            loop.call_soon_threadsafe(cancel)
        except RuntimeError:  # closed
            if not tasks:
                coroutine.close()

    try:
        loop.call_soon_threadsafe(start)
        late = not ended.wait(None if timeout == inf else timeout)
        if late:
            stop()
    except BaseException:  # such as Ctrl-C, also in `stop`
        stop()
        raise
    if not ended.wait(None if grace == inf else grace):
        raise concurrent.futures.TimeoutError
    if not tasks:
        coroutine.close()
        raise RuntimeError("the loop could not start the coroutine")
    if tasks[0].cancelled():
        if late:
            raise concurrent.futures.TimeoutError
        raise concurrent.futures.CancelledError
    # Not tasks[0]: exception, traceback and frame would form a cycle.
    return tasks.pop().result()
