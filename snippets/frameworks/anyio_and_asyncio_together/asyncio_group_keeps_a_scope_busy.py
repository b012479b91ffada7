"""While the children of an `asyncio.TaskGroup` clean up in a cancelled AnyIO scope, the event loop does not sleep.

The group catches a cancellation in each turn of the loop. A group of
AnyIO that does the same work lets the loop sleep.
"""

# /// script
# requires-python = ">=3.11"
# dependencies = ["anyio==4.16.0"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "asyncio's group: more than 100 turns: True"
# ///

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from typing import Any

import anyio


class Selector(selectors.DefaultSelector):
    turns = 0

    def select(self, timeout: float | None = None) -> Any:
        self.turns += 1  # the loop calls this once in each turn
        return super().select(timeout)


async def child() -> None:
    try:
        await asyncio.sleep(60)
    finally:
        with anyio.CancelScope(shield=True):
            await asyncio.sleep(0.3)  # cleans up


async def group_of_asyncio() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(child())


async def group_of_anyio() -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(child)


async def measure(
    name: str, work: Callable[[], Awaitable[None]]
) -> None:
    before = selector.turns
    with anyio.move_on_after(0.05):
        await work()
    more = selector.turns - before > 100
    print(f"{name} group: more than 100 turns: {more}")


async def main() -> None:
    await measure("asyncio's", group_of_asyncio)
    await measure("AnyIO's", group_of_anyio)


selector = Selector()
with asyncio.Runner(
    loop_factory=lambda: asyncio.SelectorEventLoop(selector)
) as runner:
    runner.run(main())
