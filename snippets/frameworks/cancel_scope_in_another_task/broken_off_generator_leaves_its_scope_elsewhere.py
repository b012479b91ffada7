"""After a `break`, the event loop closes an async generator in another task, where its scope cannot be left.

The coroutine of that task is an `async_generator_athrow`. `aclosing`
closes the generator in the task that used it.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "in a different task than it was entered in"
# ///

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import anyio


async def numbers() -> AsyncGenerator[int, None]:
    with anyio.CancelScope():
        for number in range(3):
            yield number


async def main() -> None:
    reported = asyncio.Event()

    def report(_: object, context: dict[str, Any]) -> None:
        print("loop: RuntimeError:")
        print(context["exception"])
        reported.set()

    asyncio.get_running_loop().set_exception_handler(report)
    async for _ in numbers():
        break
    gc.collect()
    await reported.wait()
    async with aclosing(numbers()) as stream:
        async for _ in stream:
            break
    print("main: closed in the same task")


asyncio.run(main())
