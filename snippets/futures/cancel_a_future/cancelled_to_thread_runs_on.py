"""Cancelling a task that awaits `asyncio.to_thread` does not stop a running call."""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "thread: saved it all the same"
# ///

import asyncio
from threading import Event


def save(begun: Event, go_on: Event) -> None:
    begun.set()
    go_on.wait()
    print("thread: saved it all the same")


async def main() -> None:
    begun, go_on = Event(), Event()
    task = asyncio.create_task(
        asyncio.to_thread(save, begun, go_on)
    )
    await asyncio.to_thread(begun.wait)
    task.cancel()
    await asyncio.wait([task])
    print("main: task cancelled:", task.cancelled())
    go_on.set()


asyncio.run(main())
