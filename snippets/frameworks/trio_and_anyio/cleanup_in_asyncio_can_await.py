"""In asyncio, one `cancel()` raises once, so an `await` in `finally` completes."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def worker() -> None:
    try:
        print("worker: waits")
        await asyncio.sleep(60)
    finally:
        print("worker: saves")
        await asyncio.sleep(0.05)
        print("worker: saved")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(worker())
        await asyncio.sleep(0.1)
        task.cancel()
    print("main: the worker has ended")


asyncio.run(main())
