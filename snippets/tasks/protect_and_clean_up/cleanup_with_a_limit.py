"""`asyncio.timeout()` limits a cleanup in a task that is already cancelled.

The block remembers the value of `cancelling()` at its start, so it turns
only its own cancellation into a TimeoutError.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def job(working: asyncio.Event) -> None:
    me = asyncio.current_task()
    assert me is not None
    try:
        working.set()
        await asyncio.sleep(60)
    finally:
        print("job: requests before the block:", me.cancelling())
        try:
            async with asyncio.timeout(0.05):
                await asyncio.sleep(60)  # a server that is silent
        except TimeoutError:
            print("job: cleaned up without the server")
        print("job: requests after the block:", me.cancelling())


async def main() -> None:
    working = asyncio.Event()
    task = asyncio.create_task(job(working))
    await working.wait()
    task.cancel()
    await asyncio.wait([task])
    print("main: the job was cancelled:", task.cancelled())


asyncio.run(main())
