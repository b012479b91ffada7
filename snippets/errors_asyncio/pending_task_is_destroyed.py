"""A pending task that is destroyed is reported, and its coroutine is closed: its `finally` runs.

A `finally` that suspends is cut off there.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "Task was destroyed but it is pending!"
# masked = ["coro=.*"]
# ///

import asyncio
import gc
from typing import List

cleaned: List[str] = []


async def work() -> None:
    try:
        await asyncio.sleep(60)
    finally:
        cleaned.append("work")


async def main() -> None:
    task = asyncio.create_task(work(), name="work")
    await asyncio.sleep(0)
    print("main: ends, done:", task.done())


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
gc.collect()
print("program: cleaned up:", cleaned)
