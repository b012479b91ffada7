"""`asyncio.create_task()` raises RuntimeError if no event loop is running in its thread."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: no running event loop"
# masked = ["<?sys>?:[01]:"]
# ///

import asyncio


async def work() -> None:
    print("work: never printed")


task = asyncio.create_task(work())
task.cancel()
