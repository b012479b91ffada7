# SPDX-License-Identifier: 0BSD
# Recipe: consume 1.0.0
# Source: Please Stop, recipes/consume
# Python: 3.8 or newer
"""Work off an asyncio queue with several workers that stop."""

import asyncio
from typing import Any, Awaitable, Callable, Optional, Type, TypeVar

T = TypeVar("T")

# New in Python 3.13; before it, get() raises neither.
_ShutDown: Type[Exception] = getattr(
    asyncio, "QueueShutDown", asyncio.QueueEmpty
)


async def consume(
    queue: "asyncio.Queue[T]",
    handler: "Callable[[T], Awaitable[object]]",
    *,
    workers: int = 1,
    closing: Optional[asyncio.Event] = None,
) -> None:
    """Call `handler` for the items of `queue` until it is closed.

    To close it, set `closing` when the last item is in: what is
    queued is handled first, and what handlers add meanwhile. On
    Python 3.13 and newer, `queue.shutdown()` does the same, and
    `shutdown(immediate=True)` drops what is queued.

    The first handler that fails, or ends as cancelled, ends it all:
    the other workers are cancelled and its exception is raised.
    Failures of others are reported by asyncio. An item that was
    taken gets its `task_done()`, whatever happens to it; what nobody
    took stays in the queue, and `queue.join()` waits for it.

    When the caller is cancelled, the workers are, and the request
    goes on when they have ended, their cleanup included. A second
    one is passed to them as well, which interrupts that cleanup; a
    handler that refuses to stop is waited for. Nothing is left
    running. Not thread-safe; for any platform.

    Args:
        queue: Where the items are.
        handler: Called with an item, awaited by one worker.
        workers: How many items are handled at the same time.
        closing: Says that only handlers will put from now on.

    Raises:
        ValueError: `workers` is less than 1.
        BaseException: Whatever a handler raised.
    """
    if workers < 1:
        raise ValueError("workers must be at least 1")
    closed = closing or asyncio.Event()
    stopping = False

    async def work() -> None:
        while not stopping:  # a handler may swallow the request
            try:
                item = await queue.get()
            except _ShutDown:
                return
            try:
                await handler(item)
            finally:
                queue.task_done()

    async def drain() -> None:
        await closed.wait()
        await queue.join()

    drained: "asyncio.Task[Any]" = asyncio.ensure_future(drain())
    crew = {asyncio.ensure_future(work()) for _ in range(workers)}
    tasks = {drained, *crew}
    try:
        while crew and not drained.done():
            done, _ = await asyncio.wait(
                {drained, *crew},
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in done:
                task.result()
            crew -= done
    finally:
        stopping = True
        request: Optional[asyncio.CancelledError] = None
        while True:
            for task in tasks:
                if not task.done():  # else asyncio reports nothing
                    task.cancel()
            try:
                await asyncio.wait(tasks)
                break
            except asyncio.CancelledError as error:
                request = error
        if request:
            raise request
