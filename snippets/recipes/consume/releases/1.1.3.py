# SPDX-License-Identifier: 0BSD
# Recipe: consume 1.1.3
# Source: Please Stop, recipes/consume
# Python: 3.8 or newer
"""Handle the items of an asyncio queue with workers that stop."""

import asyncio
from typing import Any, Awaitable, Callable, Optional, Set, TypeVar

T = TypeVar("T")

# Raised by get() since Python 3.13
_ShutDown: Any = getattr(asyncio, "QueueShutDown", ())


async def consume(
    queue: "asyncio.Queue[T]",
    handler: "Callable[[T], Awaitable[object]]",
    *,
    workers: int = 1,
    closing: Optional[asyncio.Event] = None,
) -> None:
    """Call `handler` for each item of `queue` until it is closed.

    To close it, set `closing` when the last item is in the queue.
    Queued items are handled first, and so are items that handlers
    put meanwhile. `queue.shutdown()` closes it too, but a handler
    that puts then fails; `immediate=True` drops the queued items.

    Each item is handled in a task of its own, with a copy of the
    caller's context variables. If a handler fails, or ends as
    cancelled, the others are cancelled and its exception is raised;
    asyncio reports failures of the others. An item gets `task_done()`
    here after its handler, which must not await `queue.join()`; one
    that other code takes needs it there. Items not taken stay queued.

    When it is cancelled, the call cancels each handler once, waits
    for its cleanup and raises CancelledError. A second cancellation
    does not shorten that; a handler that suppresses its own holds it
    up. No task is left running. Not thread-safe; for any platform.

    Args:
        queue: Where the items are; without `maxsize` if handlers put.
        handler: Called with an item; what it returns is awaited.
        workers: How many items are handled at the same time.
        closing: Once it is set, only handlers may put.

    Raises:
        ValueError: There are no workers.
        BaseException: What the first handler to fail raised.
    """
    if workers < 1:
        raise ValueError("workers must be at least 1")
    running: "Set[asyncio.Future[Any]]" = set()
    ended: "asyncio.Queue[asyncio.Future[Any]]" = asyncio.Queue()

    def start(work: "Awaitable[str]") -> None:
        task = asyncio.ensure_future(work)
        task.add_done_callback(running.discard)
        task.add_done_callback(ended.put_nowait)
        running.add(task)  # last: only a callback can remove it

    async def work() -> str:
        try:
            item = await queue.get()
        except _ShutDown:
            return "shut down"
        try:
            await handler(item)
        finally:
            queue.task_done()
        return "handled"

    async def drain() -> str:
        await (closing or asyncio.Event()).wait()
        await queue.join()
        return "drained"

    try:
        start(drain())
        for _ in range(workers):
            start(work())
        while workers > 0:
            end = (await ended.get()).result()  # or a failure
            if end == "handled":
                start(work())
            else:
                workers = 0 if end == "drained" else workers - 1
    finally:
        for task in running:
            if not task.done():  # else asyncio reports no failure
                task.cancel()
        request = None
        while running:
            try:
                await asyncio.wait(running)
            except asyncio.CancelledError as error:
                request = error.args  # raised when all have ended
        if request is not None:
            raise asyncio.CancelledError(*request)
