"""Cancelling an `async for` ends the async generator that awaits inside it.

A generator that catches the CancelledError and goes on is not ended.
"""

import asyncio
from typing import AsyncIterator, List


async def main() -> None:
    go_on = asyncio.Event()
    ends: List[str] = []

    async def rows() -> AsyncIterator[int]:
        try:
            for row in (1, 2):
                await go_on.wait()
                yield row
        except asyncio.CancelledError:
            await asyncio.sleep(0.05)  # it cleans up
            ends.append("is cancelled")
            raise

    async def host() -> List[int]:
        return [row async for row in generator]

    generator = rows()
    task = asyncio.create_task(host())
    await asyncio.sleep(0)  # the generator is waiting now
    task.cancel()
    await asyncio.wait([task])
    left = "nothing" if ends else "the generator"

    go_on.set()
    again = await host()
    lost = "nothing" if again == [1, 2] else "the rest"

    print("call: async for row in generator")
    print("what it waits for:", *ends or ["goes on"])
    print("lost:", lost)
    print("still running:", left)


asyncio.run(main())
