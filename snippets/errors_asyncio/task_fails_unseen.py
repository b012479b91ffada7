"""The error of a task is reported when the task is destroyed, unless some code retrieved the error.

`cancel()` on a task that has failed suppresses the report, too.
"""

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
