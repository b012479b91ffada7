"""A timeout made of `call_later` and `cancel` turns a cancellation by other code into a TimeoutError."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "worker: too slow, trying again"
# ///

import asyncio
from contextlib import asynccontextmanager
from typing import AsyncIterator


@asynccontextmanager
async def limit(seconds: float) -> AsyncIterator[None]:
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    handle = loop.call_later(seconds, task.cancel)
    try:
        yield
    except asyncio.CancelledError:
        raise asyncio.TimeoutError from None
    finally:
        handle.cancel()


async def worker() -> None:
    try:
        async with limit(seconds=60):
            await asyncio.sleep(3600)
    except asyncio.TimeoutError:
        print("worker: too slow, trying again")


async def main() -> None:
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    print("main: task.cancelled() is", task.cancelled())


asyncio.run(main())
