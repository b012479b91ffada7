"""The error of a task that nobody awaits is reported when the task is destroyed."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Task exception was never retrieved"
# ///

import asyncio


async def work() -> None:
    raise OSError("disk full")


async def main() -> None:
    task = asyncio.create_task(work(), name="work")
    await asyncio.wait([task])
    print("main: goes on")


asyncio.run(main())
