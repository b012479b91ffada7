"""In a cell, a coroutine can be awaited, and a function that uses `asyncio.run()` itself works in another thread."""

# /// script
# requires-python = ">=3.9"
# ///

import asyncio


async def fetch() -> str:
    return "42"


def library() -> str:  # which you cannot change
    return asyncio.run(fetch())


async def cell() -> None:
    print(await fetch())
    print(await asyncio.to_thread(library))


asyncio.run(cell())
