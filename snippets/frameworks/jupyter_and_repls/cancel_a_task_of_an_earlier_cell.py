"""A task that an earlier cell started can be found by its name and cancelled.

In a notebook, the lines of `notebook` stand in two cells: the first
starts the task, the second cancels it.
"""

import asyncio


async def poll() -> None:
    await asyncio.sleep(3600)


async def notebook() -> None:
    first = asyncio.create_task(poll(), name="poll")
    # a later cell:
    for task in asyncio.all_tasks():
        if task.get_name() == "poll":
            task.cancel()
            await asyncio.wait([task])
    print("cancelled:", first.cancelled())


asyncio.run(notebook())
