"""`task.cancel()` returns before the task has ended; `asyncio.wait` returns when it has."""

import asyncio


async def worker(started: asyncio.Event) -> None:
    try:
        started.set()
        await asyncio.sleep(3600)
    finally:
        print("worker: cleaning up")


async def main() -> None:
    started = asyncio.Event()
    task = asyncio.create_task(worker(started))
    await started.wait()
    task.cancel()
    print("main: requested; done?", task.done())
    await asyncio.wait([task])
    print("main: waited; done?", task.done())


asyncio.run(main())
