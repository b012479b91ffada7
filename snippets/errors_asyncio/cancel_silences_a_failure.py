"""`cancel()` on a task that has failed returns False and suppresses the report of its error."""

import asyncio
from typing import Any, Dict


async def save() -> None:
    raise OSError("disk full")


def report(
    _: asyncio.AbstractEventLoop, context: Dict[str, Any]
) -> None:
    print("loop:", context["message"])


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(report)

    task = asyncio.create_task(save())
    await asyncio.wait([task])
    print("main: drops a task that failed")
    del task

    task = asyncio.create_task(save())
    await asyncio.wait([task])
    print("main: cancel returned", task.cancel())
    print("main: drops another that failed")
    del task


asyncio.run(main())
