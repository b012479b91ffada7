"""A test double that sets an event lets a test cancel the code at that await, without a sleep.

The double says that it was reached and then waits on an event that
stays unset, so only the cancellation can end its await. `wait`
returns when the task is done and does not raise its exception.
"""

import asyncio


async def test_a_cancelled_save_releases_its_lock() -> None:
    lock, reached = asyncio.Lock(), asyncio.Event()

    async def upload() -> None:  # the test double
        reached.set()
        await asyncio.Event().wait()

    async def save() -> None:  # the code under test
        async with lock:
            await upload()

    task = asyncio.create_task(save())
    await reached.wait()
    task.cancel()
    await asyncio.wait([task])
    print("the lock is still held:", lock.locked())


asyncio.run(test_a_cancelled_save_releases_its_lock())
