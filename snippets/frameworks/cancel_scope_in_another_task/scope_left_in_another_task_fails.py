"""A scope of AnyIO that is entered in one task and left in another raises RuntimeError."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "in a different task than it was entered in"
# ///

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import anyio


@asynccontextmanager
async def session() -> AsyncIterator[str]:
    async with anyio.create_task_group() as group:
        yield "a session"
        group.cancel_scope.cancel()


async def main() -> None:
    stack = AsyncExitStack()
    entering = stack.enter_async_context(session())
    print("main: has", await asyncio.create_task(entering))
    try:
        await stack.aclose()
    except RuntimeError as error:
        print("main: RuntimeError:")
        print(error)


asyncio.run(main())
