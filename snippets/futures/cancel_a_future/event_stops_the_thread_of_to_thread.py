"""An event set in `finally` stops the thread when the waiting task is cancelled.

`asyncio.run` waits for the thread; the documentation limits this wait to
five minutes.
"""

# /// script
# requires-python = ">=3.9"
# ///

import asyncio
from threading import Event


def save(begun: Event, stopping: Event) -> None:
    begun.set()
    stopping.wait(timeout=60)
    print("thread: the event is set:", stopping.is_set())


async def save_in_thread(begun: Event) -> None:
    stopping = Event()
    try:
        await asyncio.to_thread(save, begun, stopping)
    finally:
        stopping.set()


async def main() -> bool:
    begun = Event()
    task = asyncio.create_task(save_in_thread(begun))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()


print("main: task cancelled:", asyncio.run(main()))
