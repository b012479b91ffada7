"""The message of an AnyIO cancellation names the task that called `cancel()`, and the reason, which may be a deadline."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# masked = ["scope [0-9a-f]+"]
# ///

import asyncio

import anyio
import anyio.lowlevel


async def work() -> None:
    try:
        await anyio.sleep(60)
    except asyncio.CancelledError as error:
        message, _, reason = str(error).partition("; reason: ")
        print("CancelledError:", message.split(" coro=")[0])
        print("  reason:", reason)
        raise


async def watch(scope: anyio.CancelScope) -> None:
    await anyio.lowlevel.checkpoint()
    scope.cancel("the client has gone")


async def main() -> None:
    loop = asyncio.get_running_loop()
    with anyio.CancelScope() as scope:
        # The deadline passes while `work` waits.
        loop.call_soon(setattr, scope, "deadline", loop.time())
        await work()
    async with anyio.create_task_group() as group:
        group.start_soon(work)
        group.start_soon(watch, group.cancel_scope, name="watcher")


asyncio.run(main())
