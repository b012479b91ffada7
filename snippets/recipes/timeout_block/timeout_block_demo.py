"""`timeout_block` turns its own cancellation into TimeoutError, and lets a cancellation by other code through."""

import asyncio

from timeout_block import timeout_block


async def worker(limit: float) -> None:
    try:
        async with timeout_block(limit):
            await asyncio.sleep(3600)
    except asyncio.TimeoutError:
        print("worker: the time is over")
    except asyncio.CancelledError:
        print("worker: cancelled by other code")
        raise


async def main() -> None:
    await worker(limit=0.05)

    task = asyncio.create_task(worker(limit=60))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    print("main: cancelled:", task.cancelled())


asyncio.run(main())
