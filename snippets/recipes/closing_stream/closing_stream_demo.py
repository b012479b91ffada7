"""`closing_stream` runs the cleanup of an async generator before the next statement runs."""

import asyncio
from typing import AsyncIterator

from closing_stream import closing_stream


async def rows() -> AsyncIterator[int]:
    try:
        for row in range(100):
            yield row
            await asyncio.sleep(0)
    finally:
        await asyncio.sleep(0.1)
        print("rows: connection given back")


async def search(wanted: int) -> int:
    async with closing_stream(rows()) as stream:
        async for row in stream:
            if row == wanted:
                return row
    return -1


async def main() -> None:
    print("main: found", await search(2))

    async def patient() -> None:
        async with closing_stream(rows()) as stream:
            async for _ in stream:
                await asyncio.sleep(3600)

    task = asyncio.create_task(patient())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    print("main: cancelled:", task.cancelled())


asyncio.run(main())
