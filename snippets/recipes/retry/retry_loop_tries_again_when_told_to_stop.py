"""A retry loop that catches `CancelledError` beside the timeouts tries again when its task is cancelled."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: task.cancelled() is False"
# ///

import asyncio


async def fetch(attempt: int, started: asyncio.Event) -> str:
    print("attempt", attempt)
    if attempt == 1:
        started.set()
        await asyncio.sleep(3600)
    return "answer"


async def fetch_with_retries(started: asyncio.Event) -> str:
    for attempt in range(1, 4):
        try:
            return await asyncio.wait_for(
                fetch(attempt, started), 60
            )
        except (asyncio.TimeoutError, asyncio.CancelledError):
            print("timed out, trying again")
    raise ConnectionError("no answer")


async def main() -> None:
    started = asyncio.Event()
    task = asyncio.create_task(fetch_with_retries(started))
    await started.wait()
    task.cancel()
    print("main: the task returned", repr(await task))
    print("main: task.cancelled() is", task.cancelled())


asyncio.run(main())
