"""A task that enters a scope, waits for an event and leaves the scope can be stopped from any task.

The scope stands for a session of an MCP client, a task group, or any
other object that holds a scope of AnyIO.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# ///

import asyncio

import anyio


async def own(ready: asyncio.Event, stop: asyncio.Event) -> None:
    with anyio.CancelScope():  # or: async with session():
        ready.set()
        await stop.wait()
    print("owner: left the scope in the same task")


async def main() -> None:
    ready, stop = asyncio.Event(), asyncio.Event()
    owner = asyncio.create_task(own(ready, stop))
    await ready.wait()
    stop.set()  # from any task
    await owner


asyncio.run(main())
