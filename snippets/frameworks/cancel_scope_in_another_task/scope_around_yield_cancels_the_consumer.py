"""A time limit around the `yield` of an async generator cancels the code that consumes the generator."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "consumer: cancelled"
# ///

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import anyio


async def lines() -> AsyncGenerator[str, None]:
    with anyio.move_on_after(0.05):  # meant for the next line
        yield "a line"


async def main() -> None:
    async with aclosing(lines()) as stream:
        async for line in stream:
            try:
                print("consumer: works on", line)
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                print("consumer: cancelled")
                raise


try:
    asyncio.run(main())
except asyncio.CancelledError:
    print("the program ended cancelled")
