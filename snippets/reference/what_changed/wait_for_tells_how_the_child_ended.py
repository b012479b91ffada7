"""Since Python 3.9, a child's answer to the cancellation comes out of `wait_for`.

On 3.8 it always raised TimeoutError, whatever the child had made of
its cancellation.
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
        task.exception()  # so that nobody reports it


asyncio.run(main())
