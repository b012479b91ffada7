"""Shielded work goes on when the task that awaits it is cancelled."""

import asyncio


async def job() -> None:
    saving = asyncio.create_task(asyncio.sleep(0.3, "saved"))
    try:
        await asyncio.shield(saving)
    finally:
        print("job:", await saving)


async def main() -> None:
    task = asyncio.create_task(job())
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.wait([task])
    print("main: job is cancelled:", task.cancelled())


asyncio.run(main())
