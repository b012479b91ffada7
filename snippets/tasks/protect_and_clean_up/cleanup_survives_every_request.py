"""A wait in a loop lets a cleanup finish, however often its task is cancelled.

A cancellation that arrives during the wait is raised when the work is done,
also if the work has failed.
"""

import asyncio
from typing import Any, Coroutine, Optional


async def to_the_end(work: "Coroutine[Any, Any, None]") -> None:
    task = asyncio.create_task(work)
    request: Optional[asyncio.CancelledError] = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            request = error
    if request is not None:
        raise request
    task.result()  # raises what the work raised


async def close(steps: "asyncio.Queue[str]") -> None:
    for part in "abc":
        steps.put_nowait(f"while it closes {part}")
        await asyncio.sleep(0.1)
    print("close: done")


async def job(steps: "asyncio.Queue[str]") -> None:
    try:
        steps.put_nowait("while it works")
        await asyncio.sleep(60)
    finally:
        await to_the_end(close(steps))


async def main() -> None:
    steps: "asyncio.Queue[str]" = asyncio.Queue()
    task = asyncio.create_task(job(steps))
    for _ in range(4):
        print("main: cancels the job", await steps.get())
        task.cancel()
    await asyncio.wait([task])
    print("main: the job was cancelled:", task.cancelled())


asyncio.run(main())
