"""Before Python 3.11, a cancellation after the deadline of a `timeout_block` is lost."""

import asyncio

from timeout_block import timeout_block


async def worker(closing: asyncio.Event) -> None:
    async with timeout_block(0):
        try:
            await asyncio.sleep(3600)
        finally:
            closing.set()
            await asyncio.sleep(3600)


async def main() -> None:
    closing = asyncio.Event()
    task = asyncio.create_task(worker(closing))
    await closing.wait()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("main: the worker was cancelled")
    except asyncio.TimeoutError:
        print("main: TimeoutError, the cancellation is lost")


asyncio.run(main())
