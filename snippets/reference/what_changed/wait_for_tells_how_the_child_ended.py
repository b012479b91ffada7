"""On 3.9.18 and newer, `wait_for` passes on how the child ended after the timeout cancelled it.

On 3.8.18, with a timeout above zero, it raised TimeoutError, no
matter how the child ended.
"""

import asyncio


async def swallows() -> str:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        return "half a page"
    return "a page"


async def fails_in_cleanup() -> str:
    try:
        await asyncio.sleep(60)
    finally:
        raise OSError("disk full")


async def limited(task: "asyncio.Task[str]") -> str:
    try:
        return await asyncio.wait_for(task, 0.05)
    except asyncio.TimeoutError:
        return "TimeoutError"
    except OSError as error:
        return f"OSError: {error}"


async def main() -> None:
    for work in swallows, fails_in_cleanup:
        task = asyncio.create_task(work())
        outcome = await limited(task)
        print(f"main: {work.__name__}: {outcome}")
        await asyncio.wait([task])
        task.exception()  # so that the loop does not report it


asyncio.run(main())
