"""A task that cancels itself runs on to its next `await` that suspends.

There the `CancelledError` is raised, as if another task had asked.
"""

import asyncio


async def work() -> None:
    if task := asyncio.current_task():
        task.cancel()
    print("work: still running")
    try:
        await asyncio.sleep(60)
    finally:
        print("work: tidying up")


async def main() -> None:
    task = asyncio.create_task(work())
    await asyncio.wait([task])
    print("main: cancelled:", task.cancelled())


asyncio.run(main())
