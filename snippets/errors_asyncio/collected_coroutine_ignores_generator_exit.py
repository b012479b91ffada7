"""If a coroutine suspends while it is being collected, Python prints a RuntimeError and goes on."""

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
job.send(None)  # runs until it suspends
del job
