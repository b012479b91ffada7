"""`suppress(CancelledError)` around `await task` swallows the caller's own cancellation too."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "caller: still here, nobody knows I was cancelled"
# ///

import asyncio
from contextlib import suppress


async def worker(closing: asyncio.Event) -> None:
    try:
        await asyncio.sleep(3600)
    finally:
        closing.set()
        await asyncio.sleep(0.2)


async def caller(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    print("caller: still here, nobody knows I was cancelled")


async def main() -> None:
    closing = asyncio.Event()
    task = asyncio.create_task(worker(closing))
    await asyncio.sleep(0)
    call = asyncio.create_task(caller(task))
    await closing.wait()
    call.cancel()
    await call
    print("main: call.cancelled() is", call.cancelled())


asyncio.run(main())
