"""`aclosing` closes an async generator at the end of its block, in the same task."""

# /// script
# requires-python = ">=3.10"
# ///

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing


async def rows() -> AsyncGenerator[int, None]:
    reader = asyncio.current_task()
    try:
        yield 1
        yield 2
    finally:
        same = asyncio.current_task() is reader
        print("generator: closed by the same task:", same)


async def main() -> None:
    async with aclosing(rows()) as generator:
        async for row in generator:
            print("main: row", row)
            break
    print("main: after the block")


asyncio.run(main())
