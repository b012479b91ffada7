"""Code that swallows a cancellation gets one from `task.cancel()`, but one after another in a cancelled AnyIO scope.

The scope cancels again in each turn of the event loop, until its block
has ended. So a loop that swallows cancellations takes a whole CPU. A
profiler shows `_run_once`, which calls `_deliver_cancellation`.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "AnyIO: swallowed 1000"
# ///

import asyncio

import anyio


async def stubborn(who: str) -> None:
    swallowed = 0
    while swallowed < 1000:  # or it would never end
        try:
            await asyncio.sleep(0.2)
            break
        except asyncio.CancelledError:
            swallowed += 1  # "not now"
    print(f"{who}: swallowed {swallowed}")


async def main() -> None:
    task = asyncio.create_task(stubborn("asyncio"))
    await asyncio.sleep(0)
    task.cancel()
    await task
    async with anyio.create_task_group() as group:
        group.start_soon(stubborn, "AnyIO")
        group.cancel_scope.cancel()


asyncio.run(main())
