"""A second cancellation cuts off a cleanup that is suspended in `finally`."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "close: cut off"
# ///

import asyncio


async def close(steps: "asyncio.Queue[str]") -> None:
    steps.put_nowait("while it closes")
    try:
        await asyncio.sleep(60)
        print("close: never printed")
    except asyncio.CancelledError:
        print("close: cut off")
        raise


async def job(steps: "asyncio.Queue[str]") -> None:
    try:
        steps.put_nowait("while it works")
        await asyncio.sleep(60)
    finally:
        await close(steps)


async def main() -> None:
    steps: "asyncio.Queue[str]" = asyncio.Queue()
    task = asyncio.create_task(job(steps))
    for _ in range(2):
        print("main: cancels the job", await steps.get())
        task.cancel()
    await asyncio.wait([task])
    print("main: the job has ended")


asyncio.run(main())
