"""A `LoopThread` runs coroutines for synchronous code, and cancels what is left when its block ends."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio

from loop_thread import LoopThread

tasks: set[asyncio.Task[None]] = set()


async def add(one: int, two: int) -> int:
    await asyncio.sleep(0)
    return one + two


async def work(name: str) -> None:
    try:
        await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(0)
        print(name, "cleaned up")


async def begin() -> None:
    tasks.add(asyncio.create_task(work("background task")))


with LoopThread() as loop:
    print("main: 1 + 2 =", loop.run(add(1, 2)))
    try:
        loop.run(work("slow call"), timeout=0.1)
    except TimeoutError:
        print("main: time is up")
    loop.run(begin())
print("main: the thread has ended")
