"""A waiter that releases the lock after its cancellation makes the holder's `release()` raise RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: Lock is not acquired."
# ///

import asyncio


async def work(lock: asyncio.Lock) -> None:
    try:
        await lock.acquire()
        await asyncio.sleep(0.01)
    finally:
        lock.release()


async def main() -> None:
    lock = asyncio.Lock()
    holder = asyncio.create_task(work(lock))
    waiter = asyncio.create_task(work(lock))
    await asyncio.sleep(0)
    waiter.cancel()
    await holder


asyncio.run(main())
