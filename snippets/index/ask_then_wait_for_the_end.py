"""Stopping takes two steps: ask, then wait until it has stopped."""

import asyncio


async def worker(started: asyncio.Event) -> None:
    try:
        started.set()
        await asyncio.sleep(3600)
    finally:
        print("worker: asked to stop, tidying up")


async def main() -> None:
    started = asyncio.Event()
    task = asyncio.create_task(worker(started))
    await started.wait()
    task.cancel()
    print("main: asked; has it stopped?", task.done())
    await asyncio.wait([task])
    print("main: and now?", task.done())


asyncio.run(main())
