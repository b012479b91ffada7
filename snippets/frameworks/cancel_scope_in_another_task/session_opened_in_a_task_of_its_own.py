"""`open_in_a_task` enters and leaves a context in one task, and raises what entering it raised."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# ///

import asyncio
from collections.abc import AsyncIterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
)
from typing import Any, TypeVar

import anyio

T = TypeVar("T")


async def open_in_a_task(
    context: AbstractAsyncContextManager[T], stopping: asyncio.Event
) -> tuple[T, asyncio.Task[None]]:
    entered: asyncio.Future[T] = asyncio.Future()

    async def own() -> None:
        async with context as value:
            entered.set_result(value)
            await stopping.wait()

    owner = asyncio.create_task(own())
    either: list[asyncio.Future[Any]] = [owner, entered]
    try:
        await asyncio.wait(either, return_when="FIRST_COMPLETED")
    except asyncio.CancelledError:
        owner.cancel()
        raise
    if not entered.done():
        owner.result()  # raises what entering raised
    return entered.result(), owner


@asynccontextmanager
async def session() -> AsyncIterator[str]:
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep_forever)
        yield "the session"
        group.cancel_scope.cancel()


async def main() -> None:
    stopping = asyncio.Event()
    value, owner = await open_in_a_task(session(), stopping)
    print("main: uses", value)
    stopping.set()
    await owner
    print("main: the session is closed")


asyncio.run(main())
