"""Cancelling a timer that is a task interrupts its callback, once the callback has begun."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "save: first half\nmain: cancelled the timer\nmain: it saved the second half: False"
# ///

import asyncio
from typing import Awaitable, Callable


class Timer:
    def __init__(
        self, delay: float, callback: Callable[[], Awaitable[None]]
    ) -> None:
        self.delay = delay
        self.callback = callback
        self.task = asyncio.ensure_future(self.job())

    async def job(self) -> None:
        await asyncio.sleep(self.delay)
        await self.callback()

    def cancel(self) -> None:
        self.task.cancel()


async def main() -> None:
    half, whole = asyncio.Event(), asyncio.Event()

    async def save() -> None:
        print("save: first half")
        half.set()
        await asyncio.sleep(0.05)
        whole.set()

    timer = Timer(0.01, save)
    await half.wait()
    timer.cancel()
    print("main: cancelled the timer")
    await asyncio.wait({timer.task})
    print("main: it saved the second half:", whole.is_set())


asyncio.run(main())
