"""A coroutine that awaits while it is being closed makes `close()` raise."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: coroutine ignored GeneratorExit"
# ///

import asyncio


async def work() -> None:
    try:
        await asyncio.sleep(0)
    finally:
        await asyncio.sleep(0)  # says good-bye


job = work()
job.send(None)  # runs to the first await
job.close()
