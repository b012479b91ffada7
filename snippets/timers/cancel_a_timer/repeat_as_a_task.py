"""Cancelling a task that repeats a job ends its sleep at once."""

import asyncio


async def repeat(ticked: asyncio.Event) -> None:
    try:
        while True:
            ticked.set()
            await asyncio.sleep(60)
    finally:
        print("task: no more ticks")


async def main() -> None:
    ticked = asyncio.Event()
    task = asyncio.create_task(repeat(ticked))
    await ticked.wait()
    print("main: it ticks")
    task.cancel()
    await asyncio.wait([task])
    print("main: cancelled:", task.cancelled())


asyncio.run(main())
