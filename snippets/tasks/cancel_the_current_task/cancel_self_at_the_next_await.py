"""A task that cancels itself runs on to its next `await` that suspends it.

That `await` raises `CancelledError`, and `finally` runs.
"""

import asyncio


async def work() -> None:
    if task := asyncio.current_task():
        task.cancel()
    print("work: still running")
    try:
        await asyncio.sleep(60)
    finally:
        print("work: cleaning up")


async def main() -> None:
    task = asyncio.create_task(work())
    await asyncio.wait([task])
    print("main: cancelled:", task.cancelled())


asyncio.run(main())
