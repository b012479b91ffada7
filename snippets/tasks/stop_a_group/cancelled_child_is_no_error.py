"""A `TaskGroup` ignores that a child was cancelled; `gather` raises CancelledError.

In both, the other tasks run on.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def child(name: str, go_on: asyncio.Event) -> None:
    await go_on.wait()
    print(f"{name}: done")


async def main() -> None:
    never, now = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        first = group.create_task(child("first", never))
        group.create_task(child("second", now))
        first.cancel()
        now.set()
    print("main: the group ended without an error")

    third = asyncio.create_task(child("third", never))
    fourth = asyncio.create_task(child("fourth", now))
    third.cancel()
    try:
        await asyncio.gather(third, fourth)
    except asyncio.CancelledError:
        print("main: gather raised CancelledError")
    await fourth


asyncio.run(main())
