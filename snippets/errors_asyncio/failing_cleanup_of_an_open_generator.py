"""`asyncio.run` only reports an error from the cleanup of an async generator that was left open."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "an error occurred during closing of asynchronous generator"
# masked = ["0x[0-9a-f]+"]
# ///

import asyncio
from typing import AsyncIterator


async def lines() -> AsyncIterator[str]:
    try:
        yield "first"
        yield "second"
    finally:
        raise OSError("cannot write the index")


opened = lines()


async def main() -> None:
    async for line in opened:
        print(line)
        break


asyncio.run(main())
print("the program ends in order")
