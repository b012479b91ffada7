"""To stop the tasks that `gather` left running, cancel them and wait for them.

Give `gather` tasks, not coroutines, and keep the tasks in a list.
"""

import asyncio


async def upload() -> None:
    try:
        await asyncio.sleep(60)
    finally:
        print("upload: tidying up")


async def fail() -> None:
    raise ValueError("disk full")


async def main() -> None:
    jobs = (upload(), fail())
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        await asyncio.gather(*tasks)
    except ValueError as error:
        print("main: caught", error)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    print("main: upload cancelled:", tasks[0].cancelled())


asyncio.run(main())
