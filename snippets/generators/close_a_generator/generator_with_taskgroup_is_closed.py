"""Seen on Python 3.15.0: an async generator that yields inside a TaskGroup can be closed.

On 3.11.7 to 3.14.8, `aclose()` raises a BaseExceptionGroup.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio
from collections.abc import AsyncGenerator


async def rows() -> AsyncGenerator[int, None]:
    async with asyncio.TaskGroup():
        yield 1


async def main() -> None:
    generator = rows()
    print("main: row", await anext(generator))
    try:
        await generator.aclose()
        print("main: closed")
    except BaseExceptionGroup as error:
        print("main:", repr(error))


asyncio.run(main())
