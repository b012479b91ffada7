"""A task that is cancelled at an `await` runs its `finally`; `asyncio.wait` waits for that.

`cancel()` only requests cancellation. The `await` at which the task is
suspended raises `CancelledError`.
"""

import asyncio


async def work() -> None:
    try:
        print("work: waiting")
        await asyncio.sleep(60)
    finally:
        print("work: cleaning up")


async def main() -> None:
    task = asyncio.create_task(work())
    await asyncio.sleep(0)  # let it start
    task.cancel()
    await asyncio.wait([task])
    print("main: cancelled:", task.cancelled())


asyncio.run(main())
