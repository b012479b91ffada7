"""If the task that entered an `asyncio.TaskGroup` has ended, a failing child cancels no task but its siblings.

The error comes out when another task leaves the group.
"""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: not cancelled"
# ///

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


async def fail(allowed: asyncio.Event) -> None:
    await allowed.wait()
    raise ValueError("the child failed")


@asynccontextmanager
async def service(allowed: asyncio.Event) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        group.create_task(fail(allowed))
        yield


async def main() -> None:
    reported = asyncio.Event()

    def report(_: object, context: dict[str, Any]) -> None:
        print("loop:", context["exception"])
        reported.set()

    asyncio.get_running_loop().set_exception_handler(report)
    allowed = asyncio.Event()
    manager = service(allowed)
    await asyncio.create_task(manager.__aenter__())
    allowed.set()
    await reported.wait()
    print("main: not cancelled")
    try:
        await manager.__aexit__(None, None, None)
    except ExceptionGroup as group:
        print("leaving:", group.exceptions)


asyncio.run(main())
