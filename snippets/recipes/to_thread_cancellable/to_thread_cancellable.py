# SPDX-License-Identifier: 0BSD
# Recipe: to_thread_cancellable 1.0.2
# Source: Please Stop, recipes/to-thread-cancellable
# Python: 3.8 or newer
"""Await a function in a thread, and stop it when you are cancelled."""

import asyncio
import contextlib
import contextvars
import threading
from typing import Callable, List, TypeVar

T = TypeVar("T")


async def to_thread_cancellable(
    func: Callable[..., T],
    *args: object,
    stop: Callable[[], object],
    abandon_on_cancel: bool = False,
) -> T:
    """Run a function in a thread; call `stop` if you are cancelled.

    When the caller is cancelled while the function runs, `stop` is
    called once, in the loop's thread; it is a plain function that does
    not block. Then the call waits until the function has ended, even if
    the caller is cancelled again, and raises the first `CancelledError`.
    The function's value is lost, and its exception is the `__cause__`.
    A function that ignores `stop` makes a caller that cannot be
    cancelled.

    A function that has not begun never begins, and nothing is waited
    for. `stop` can be called when the function has just ended.

    It runs in the loop's default executor and in a copy of the current
    context, like `asyncio.to_thread`, on every platform. A cancelled
    scope of AnyIO cancels in each turn of the loop: in one, the wait
    keeps the loop busy.

    Args:
        func: The function. It must return early after `stop`.
        *args: Its arguments.
        stop: What makes it return early: `Event.set`, `cancel` of a
            token, `interrupt` of an SQLite connection.
        abandon_on_cancel: Do not wait after `stop`. The thread runs
            on, and the program ends only after it. While the loop runs,
            asyncio reports what the function raises.

    Returns:
        What the function returned.

    Raises:
        asyncio.CancelledError: The caller was cancelled, or a shutdown
            of the executor cancelled the call.
        BaseException: What the function raised. Or what `stop` raised,
            after the wait; the CancelledError is its `__context__`.
            For StopIteration of either, RuntimeError.
    """
    context = contextvars.copy_context()
    begun = threading.Lock()  # taken once, by the thread or by us
    raised: List[BaseException] = []  # asyncio replaces some

    def call() -> T:
        if not begun.acquire(blocking=False):
            raise asyncio.CancelledError  # into a cancelled future
        try:
            return context.run(func, *args)
        except BaseException as error:
            raised.append(error)
            if isinstance(error, StopIteration):
                # A future refuses it; up to 3.12.1 it hung (gh-112182).
                raise RuntimeError("StopIteration") from error
            raise

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
            if abandon_on_cancel:  # leave no reference cycle
                future.add_done_callback(lambda _: raised.clear())
            elif future.exception() is not None:
                request.__cause__ = raised.pop()
        raise
    try:
        if future.exception() is not None and raised:
            raise raised.pop()
        return future.result()
    finally:
        del future  # or exception, traceback and frame form a cycle
