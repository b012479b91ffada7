# SPDX-License-Identifier: 0BSD
# Recipe: submit_from_thread 1.0.4
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
    whatever the loop does; asyncio reports what the task raises later.

    An exception that interrupts the wait, like Ctrl-C, cancels the
    task and leaves the call at once. Without a timeout, the call hangs
    if the loop stops before the task ends, or in the turn of its end.

    Args:
        coroutine: What to run; closed if it cannot be started.
        loop: Where to run it.
        timeout: Seconds until it is cancelled; zero and less: at once.
            None, or more than `threading.TIMEOUT_MAX`: no limit.
        grace: Seconds for its cleanup after that; math.inf: no limit.

    Raises:
        concurrent.futures.TimeoutError: The time was up.
        concurrent.futures.CancelledError: Not this call, but other
            code cancelled the task; `asyncio.run` does when it ends.
        RuntimeError: This thread runs a loop, or `loop` is closed or
            could not start the task (SystemExit in an eager one, too).
        TypeError: It is not a coroutine, or a limit not a number.
    """
    if not asyncio.iscoroutine(coroutine):
        raise TypeError(f"not a coroutine: {coroutine!r}")
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        coroutine.close()
        raise RuntimeError("would block the loop of this thread")
    tasks: "List[asyncio.Task[T]]" = []
    ended, stopped = threading.Event(), threading.Event()

    def turn() -> None:  # in the loop: start it, later cancel it
        try:
            for task in tasks:
                task.cancel()
            if not (tasks or stopped.is_set()):  # eager tasks begin
                tasks.append(loop.create_task(coroutine))
                tasks[0].add_done_callback(lambda _: ended.set())
        finally:
            if not tasks:  # stopped, or the task factory failed
                coroutine.close()
                ended.set()

    def stop() -> None:
        stopped.set()
        try:
            loop.call_soon_threadsafe(turn)
        except RuntimeError:  # closed
            if not tasks:
                coroutine.close()

    def seconds(limit: Any) -> Optional[float]:
        endless = limit is None or limit > threading.TIMEOUT_MAX
        return None if endless else float(limit)

    try:
        limits = seconds(timeout), seconds(grace)
        loop.call_soon_threadsafe(turn)
        late = not ended.wait(limits[0])
        if late:
            stop()
    except BaseException:  # such as Ctrl-C, also in `stop`
        stop()
        raise
    ended.wait(limits[1])  # or the task has stopped the loop
    if tasks and tasks[0].done() and not tasks[0].cancelled():
        return tasks.pop().result()  # tasks[0] would make a cycle
    if late:
        raise concurrent.futures.TimeoutError
    if tasks:
        raise concurrent.futures.CancelledError
    raise RuntimeError("the loop could not start the coroutine")
