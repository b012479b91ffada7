"""An event set in `finally` stops the thread when its awaiter is cancelled.

`asyncio.run` returns after the thread has ended.
"""

# /// script
# requires-python = ">=3.9"
# ///

import asyncio
from threading import Event


def save(begun: Event, stopping: Event) -> None:
    begun.set()
    stopping.wait(timeout=60)
    print("thread: asked to stop:", stopping.is_set())


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
