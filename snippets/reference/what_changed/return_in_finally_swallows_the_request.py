"""Since Python 3.14, the compiler warns about a `return` in `finally`, which can swallow a cancellation.

On all versions the task ends as finished, not as cancelled.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "the task returned half a page"
# ///

import asyncio


async def work(started: asyncio.Event) -> str:
    try:
        started.set()
        await asyncio.sleep(60)
    finally:
        return "half a page"


async def main() -> None:
    started = asyncio.Event()
    task = asyncio.create_task(work(started))
    await started.wait()
    task.cancel()
    print("main: the task returned", await task)


asyncio.run(main())
