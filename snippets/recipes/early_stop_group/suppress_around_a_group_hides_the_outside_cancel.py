"""Cancelling the group's own task, under `suppress`, hides a cancellation from outside."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "caller: still here, nobody knows I was cancelled"
# ///

import asyncio
from contextlib import suppress


async def search(host: "asyncio.Task[None]", found: bool) -> None:
    if found:
        host.cancel()
    await asyncio.sleep(3600)


async def caller(searching: asyncio.Event) -> None:
    host = asyncio.current_task()
    assert host is not None
    for found in (True, False):
        with suppress(asyncio.CancelledError):
            async with asyncio.TaskGroup() as group:
                group.create_task(search(host, found))
                if not found:
                    searching.set()
        print("caller: found it:", found)
    print("caller: still here, nobody knows I was cancelled")


async def main() -> None:
    searching = asyncio.Event()
    task = asyncio.create_task(caller(searching))
    await searching.wait()
    task.cancel()
    await task
    print("main: task.cancelled() is", task.cancelled())


asyncio.run(main())
