"""`asyncio.timeout()` raises RuntimeError in a callback, where there is no current task."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Timeout should be used inside a task"
# ///

import asyncio


async def work() -> None:
    async with asyncio.timeout(1):
        await asyncio.sleep(60)


def callback() -> None:
    work().send(None)  # a step without a task


async def main() -> None:
    asyncio.get_running_loop().call_soon(callback)
    await asyncio.sleep(0)


asyncio.run(main())
