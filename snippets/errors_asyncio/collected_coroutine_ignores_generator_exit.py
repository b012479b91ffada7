"""A coroutine that awaits while it is collected cannot raise; Python prints what it ignored."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "RuntimeError: coroutine ignored GeneratorExit"
# masked = ["0x[0-9a-f]+"]
# ///

import asyncio


async def work() -> None:
    while True:
        try:
            await asyncio.sleep(0)
        except:
            print("work: never mind")


job = work()
job.send(None)  # runs to the first await
del job
