"""`cancel_others` cancels every other task, waits for the cleanup, and returns the tasks that still run."""

import asyncio

from cancel_others import cancel_others


async def worker() -> None:
    try:
        await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(0)
        print("worker: closed")


async def stubborn(stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            await stop.wait()
        except asyncio.CancelledError:
            print("stubborn: no")


async def main() -> None:
    stop = asyncio.Event()
    jobs = [worker(), stubborn(stop)]
    tasks = [asyncio.create_task(job) for job in jobs]
    tasks[1].set_name("stubborn")
    await asyncio.sleep(0)
    left = await cancel_others(grace=0.5)
    print(
        "main: still running:", *(task.get_name() for task in left)
    )
    stop.set()
    print("main: left:", len(await cancel_others()))


asyncio.run(main())
