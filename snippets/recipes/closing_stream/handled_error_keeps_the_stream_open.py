"""An async generator whose loop failed stays open while the error is being handled."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: the connection is still taken: True"
# ///

import asyncio
from typing import AsyncIterator

connection = asyncio.Semaphore(1)  # there is only one


async def rows() -> AsyncIterator[str]:
    async with connection:
        for row in ("1", "2", "three"):
            yield row


async def total() -> int:
    result = 0
    stream = rows()
    async for row in stream:
        result += int(row)
    return result


async def main() -> None:
    try:
        print(await total())
    except ValueError as error:
        print("main:", error)
        # The traceback holds the frame, the frame the stream.
        await asyncio.sleep(0.1)
        taken = connection.locked()
        print("main: the connection is still taken:", taken)


asyncio.run(main())
