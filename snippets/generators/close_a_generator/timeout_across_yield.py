"""A `timeout()` around a `yield` can run out in the loop body, and cancels the reader there."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: my own sleep was cancelled"
# ///

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing


async def rows() -> AsyncGenerator[int, None]:
    for row in 1, 2:
        async with asyncio.timeout(0.2):
            await asyncio.sleep(0)  # read the row
            yield row  # inside the block


async def main() -> None:
    async with aclosing(rows()) as generator:
        async for row in generator:
            print("main: row", row)
            try:
                await asyncio.sleep(60)  # use the row
            except asyncio.CancelledError:
                print("main: my own sleep was cancelled")
                raise


try:
    asyncio.run(main())
except asyncio.CancelledError:
    print("asyncio.run: CancelledError, no TimeoutError")
