"""A task ends its group with `cancel`, the block ends without an exception, and a cancellation from outside still propagates."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio

from early_stop_group import TaskGroup


async def search(name: str, found: bool, group: TaskGroup) -> None:
    try:
        await asyncio.sleep(0.01 if found else 3600)
        print(name, "found it")
        group.cancel()
    finally:
        print(name, "closed")


async def outside() -> None:
    async with TaskGroup() as group:
        group.create_task(asyncio.sleep(3600))


async def main() -> None:
    async with TaskGroup() as group:
        group.create_task(search("first:", False, group))
        group.create_task(search("second:", True, group))
    print("main: goes on")
    task = asyncio.create_task(outside())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    print("outside: cancelled:", task.cancelled())


asyncio.run(main())
