"""A task that `asyncio.create_task` starts inside an AnyIO scope is not cancelled with the scope."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "created task: cancelled: False"
# ///

import asyncio

import anyio


async def main() -> None:
    may_end = asyncio.Event()
    with anyio.move_on_after(0.05) as scope:
        task = asyncio.create_task(may_end.wait())
        await anyio.sleep(60)
    print("scope: timed out:", scope.cancelled_caught)
    may_end.set()
    await task
    print("created task: cancelled:", task.cancelled())


asyncio.run(main())
