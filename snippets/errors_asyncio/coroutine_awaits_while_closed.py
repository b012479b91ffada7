"""A coroutine that suspends while it is being closed makes `close()` raise RuntimeError.

An `await` that does not suspend, as of a lock that is free, is allowed.
"""

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
        await asyncio.sleep(0)  # suspends again


job = work()
job.send(None)  # runs until it suspends
job.close()
