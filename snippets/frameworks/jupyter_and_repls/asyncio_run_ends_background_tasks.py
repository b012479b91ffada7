"""Each `asyncio.run()` has a loop of its own, and cancels the tasks that it leaves behind."""

import asyncio


async def poll() -> None:
    await asyncio.sleep(3600)


async def first_line() -> "asyncio.Task[None]":
    task = asyncio.create_task(poll(), name="poll")
    await asyncio.sleep(0)
    return task


async def second_line() -> int:
    return len(asyncio.all_tasks())


task = asyncio.run(first_line())
print("after the first line, cancelled:", task.cancelled())
print("tasks in the second:", asyncio.run(second_line()))
