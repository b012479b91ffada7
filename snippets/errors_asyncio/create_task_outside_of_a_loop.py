"""`create_task()` outside of a running loop raises RuntimeError."""

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
