"""To stop the tasks that `gather` left running, cancel them and wait for them.

Give `gather` tasks, not coroutines, and keep the tasks in a list. If the
caller is cancelled, `gather` has cancelled them already: only wait then,
because a second `cancel()` would cut off their cleanup.
"""

import asyncio


async def upload() -> None:
    try:
        await asyncio.sleep(60)
    finally:
        print("upload: cleaning up")


async def fail() -> None:
    raise ValueError("disk full")


async def gather_or_stop(*tasks: "asyncio.Task[None]") -> None:
    try:
        await asyncio.gather(*tasks)
    except Exception:
        for task in tasks:
            task.cancel()
        raise
    finally:
        await asyncio.gather(*tasks, return_exceptions=True)


async def main() -> None:
    jobs = (upload(), fail())
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        await gather_or_stop(*tasks)
    except ValueError as error:
        print("main: caught", error)
    print("main: upload cancelled:", tasks[0].cancelled())


asyncio.run(main())
