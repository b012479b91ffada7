"""`break` does not close an async generator; the loop closes it later, in another task."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: after the loop\ngenerator: closed by the same task: False"
# ///

import asyncio
from typing import AsyncGenerator


async def rows(closed: asyncio.Event) -> AsyncGenerator[int, None]:
    reader = asyncio.current_task()
    try:
        yield 1
        yield 2
    finally:
        same = asyncio.current_task() is reader
        print("generator: closed by the same task:", same)
        closed.set()


async def main() -> None:
    closed = asyncio.Event()
    async for row in rows(closed):
        print("main: row", row)
        break
    print("main: after the loop")
    await closed.wait()


asyncio.run(main())
