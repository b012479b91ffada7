"""A mock that raises `CancelledError` does not cancel the task: `cancelling()` stays 0."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "mock: the cached answer"
# ///

import asyncio
from collections.abc import Awaitable, Callable
from unittest.mock import AsyncMock


async def ask(send: Callable[[], Awaitable[str]]) -> str:
    try:
        return await send()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise  # this task is cancelled
        return "the cached answer"  # another one was cancelled


async def main() -> None:
    mock = AsyncMock(side_effect=asyncio.CancelledError)
    print("mock:", await ask(mock))

    reached = asyncio.Event()

    async def send() -> str:
        reached.set()
        await asyncio.Event().wait()
        return "never"

    task = asyncio.create_task(ask(send))
    await reached.wait()
    task.cancel()
    await asyncio.wait([task])
    print("cancel(): the task is cancelled:", task.cancelled())


asyncio.run(main())
