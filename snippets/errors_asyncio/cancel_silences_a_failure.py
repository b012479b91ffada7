"""`cancel()` on a task that has failed returns False, and from then on its error is not reported."""

import asyncio
from typing import Any, Dict


async def save() -> None:
    raise OSError("disk full")


def report(
    _: asyncio.AbstractEventLoop, told: Dict[str, Any]
) -> None:
    print("loop:", told["message"])


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
