"""A `timeout()` that ends before the `yield` does not limit the loop body."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing


async def rows() -> AsyncGenerator[int, None]:
    for row in 1, 2:
        async with asyncio.timeout(0.2):
            await asyncio.sleep(0)  # read the row
        yield row  # after the block


async def main() -> None:
    async with aclosing(rows()) as generator:
        async for row in generator:
            print("main: row", row)
            await asyncio.sleep(0.3)  # use the row
    print("main: read all rows")


asyncio.run(main())
