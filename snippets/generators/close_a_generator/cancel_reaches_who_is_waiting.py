"""A cancelled task raises CancelledError in the generator that it reads only if it waits there."""

import asyncio
from typing import AsyncGenerator

Rows = AsyncGenerator[int, None]


async def rows(slow: bool, waiting: asyncio.Event) -> Rows:
    try:
        if slow:
            waiting.set()
            await asyncio.sleep(60)
        yield 1
    except BaseException as error:
        print("generator: saw", type(error).__name__)
        raise


async def read(generator: Rows, waiting: asyncio.Event) -> None:
    try:
        async for _ in generator:
            waiting.set()
            await asyncio.sleep(60)
    finally:
        await generator.aclose()


async def main() -> None:
    for slow in True, False:
        print("main: the generator is awaiting:", slow)
        waiting = asyncio.Event()
        generator = rows(slow, waiting)
        reader = asyncio.create_task(read(generator, waiting))
        await waiting.wait()
        reader.cancel()
        await asyncio.wait([reader])


asyncio.run(main())
