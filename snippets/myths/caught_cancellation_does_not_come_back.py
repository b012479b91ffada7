"""A task that catches one cancellation passes its later awaits, and ends with its result."""

import asyncio


async def work() -> str:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        print("work: caught the cancellation")
    for _ in range(3):
        await asyncio.sleep(0)
        print("work: passed an await")
    return "result"


async def main() -> None:
    task = asyncio.create_task(work())
    await asyncio.sleep(0)  # let it start
    task.cancel()
    print("main: got", await task)
    print("main: the task is cancelled:", task.cancelled())


asyncio.run(main())
