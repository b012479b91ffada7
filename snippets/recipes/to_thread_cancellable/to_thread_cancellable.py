# SPDX-License-Identifier: 0BSD
# Recipe: to_thread_cancellable 1.0.0
# Source: Please Stop, recipes/to-thread-cancellable
# Python: 3.8 or newer
"""Await a function in a thread that is told when you are cancelled."""

import asyncio
import contextlib
import contextvars
import threading
from typing import Callable, TypeVar

T = TypeVar("T")


async def to_thread_cancellable(
    func: Callable[..., T],
    *args: object,
    stop: Callable[[], object],
    abandon_on_cancel: bool = False,
) -> T:
    """Run a function in a thread; tell it to stop if you are cancelled.

    When the caller is cancelled while the function runs, `stop` is
    called, once, in the loop's thread; it must not block. Then the
    call waits until the function has ended, whatever else is requested
    meanwhile, and raises the first `CancelledError`. What the function
    returned is lost, what it raised is the `__cause__`. A function that
    does not heed `stop` is waited for as long as it runs.

    If the function has not begun, it never does, and nothing is
    waited for. `stop` may come when it has just ended.

    It runs in the loop's default executor and in a copy of the current
    context, like `asyncio.to_thread`, on every platform.

    Args:
        func: The function. Make it heed what `stop` does.
        *args: Its arguments.
        stop: What makes it end early: `Event.set`, `cancel` of a
            token, `interrupt` of an SQLite connection.
        abandon_on_cancel: Do not wait after `stop`. The thread runs on
            alone, and asyncio reports what it raises.

    Returns:
        What the function returned.

    Raises:
        asyncio.CancelledError: The caller was cancelled.
        BaseException: What the function raised (RuntimeError in the
            place of StopIteration), or `stop`, after the waiting.
    """
    context = contextvars.copy_context()
    begun = threading.Lock()  # taken once, by the thread or by us

    def call() -> T:
        if not begun.acquire(blocking=False):
            raise asyncio.CancelledError  # nobody sees it
        try:
            return context.run(func, *args)
        except StopIteration as error:
            # No future takes it; up to 3.12.1 it hung (gh-112182).
            raise RuntimeError(
                "func raised StopIteration"
            ) from error

    loop = asyncio.get_running_loop()
    future = loop.run_in_executor(None, call)
    try:
        await asyncio.wait({future})
    except asyncio.CancelledError as request:
        if begun.acquire(blocking=False):
            future.cancel()
            raise
        try:
            stop()
        finally:
            while not (abandon_on_cancel or future.done()):
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait({future})
        if not abandon_on_cancel:
            raise request from future.exception()
        raise
    return future.result()
