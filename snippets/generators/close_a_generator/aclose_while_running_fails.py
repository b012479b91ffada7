"""`aclose()` raises RuntimeError while another task waits in the async generator."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: aclose(): asynchronous generator is already running"
# ///

import asyncio
from typing import AsyncGenerator


async def rows(waiting: asyncio.Event) -> AsyncGenerator[int, None]:
    try:
        waiting.set()
        await asyncio.sleep(60)
        yield 1
    finally:
        print("generator: cleaning up")


async def read(generator: AsyncGenerator[int, None]) -> None:
    async for row in generator:
        print("reader: row", row)


async def main() -> None:
    waiting = asyncio.Event()
    generator = rows(waiting)
    reader = asyncio.create_task(read(generator))
    await waiting.wait()
    try:
        await generator.aclose()
    except RuntimeError as error:
        print("main:", error)
    reader.cancel()  # cancel the task that waits in it
    await asyncio.wait([reader])
    await generator.aclose()
    print("main: closed")


asyncio.run(main())
