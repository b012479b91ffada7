"""A child that ends cancelled by asyncio cancels its whole AnyIO group, which ends without an exception.

A child of an `asyncio.TaskGroup` that ends cancelled leaves the others
alone.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "AnyIO: sibling cancelled\nAnyIO: the group ended without an error"
# ///

import asyncio

import anyio


async def sibling(who: str, done: asyncio.Event) -> None:
    try:
        await done.wait()
        print(f"{who}: sibling finished")
    except asyncio.CancelledError:
        print(f"{who}: sibling cancelled")
        raise


async def await_a_cancelled_task(done: asyncio.Event) -> None:
    other = asyncio.create_task(asyncio.sleep(60))
    other.cancel()
    asyncio.get_running_loop().call_later(0.1, done.set)
    await other


async def main() -> None:
    done = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(sibling("asyncio", done))
        group.create_task(await_a_cancelled_task(done))
    done.clear()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sibling, "AnyIO", done)
        tasks.start_soon(await_a_cancelled_task, done)
    print("AnyIO: the group ended without an error")


asyncio.run(main())
