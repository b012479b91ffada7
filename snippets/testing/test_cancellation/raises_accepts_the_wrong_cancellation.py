"""`pytest.raises(CancelledError)` around `await task` passes when the timeout of the test cancels the test."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["pytest==9.2.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "raises: passed"
# ///

import asyncio

import pytest


async def worker() -> None:  # the code under test, with a defect
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await asyncio.Event().wait()  # goes on as before


async def start() -> asyncio.Task[None]:
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    task.cancel()
    return task


async def test_with_raises() -> None:
    task = await start()
    async with asyncio.timeout(0.05):
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_with_wait() -> None:
    task = await start()
    async with asyncio.timeout(0.05):
        await asyncio.wait([task])
    assert task.cancelled()


asyncio.run(test_with_raises())
print("raises: passed")
try:
    asyncio.run(test_with_wait())
except TimeoutError:
    print("wait: failed, the worker did not stop")
