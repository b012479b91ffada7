"""`finish` completes a cleanup although its task is cancelled again and again, and the task still ends as cancelled."""

import asyncio

from finish import finish


async def close(steps: "asyncio.Queue[str]") -> None:
    for step in ("flush", "sync", "unlock"):
        steps.put_nowait(step)
        await asyncio.sleep(0.02)
        print("close:", step)


async def job(steps: "asyncio.Queue[str]") -> None:
    try:
        steps.put_nowait("work")
        await asyncio.sleep(3600)
    finally:
        await finish(close(steps))


async def main() -> None:
    steps: "asyncio.Queue[str]" = asyncio.Queue()
    task = asyncio.create_task(job(steps))
    for _ in range(4):
        print("main: cancels during:", await steps.get())
        task.cancel()
    await asyncio.wait({task})
    print("main: cancelled:", task.cancelled())


asyncio.run(main())
