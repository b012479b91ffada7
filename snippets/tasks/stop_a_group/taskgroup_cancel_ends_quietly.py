"""`TaskGroup.cancel()` ends the block without an exception, also if called twice."""

# /// script
# requires-python = ">=3.15"
# ///

import asyncio


async def serve() -> None:
    try:
        await asyncio.sleep(60)
    finally:
        print("serve: cleaning up")


async def watch(group: asyncio.TaskGroup) -> None:
    group.cancel()
    group.cancel()
    print("watch: cancelled the group twice")


async def main() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(serve())
        group.create_task(watch(group))
    print("main: the group has ended, no exception")


asyncio.run(main())
