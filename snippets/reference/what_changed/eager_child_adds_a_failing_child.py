"""On 3.14.8 and 3.15.0, an eager child is cancelled if a child that it adds fails in its first step.

On 3.12.1 and 3.13.0 the group did not yet hold the eager child when
it cancelled its tasks, and then waited until it ended.
"""

# /// script
# requires-python = ">=3.12"
# ///

import asyncio


async def fail() -> None:
    raise ValueError("no such file")


async def parent(group: asyncio.TaskGroup) -> None:
    group.create_task(fail())
    await asyncio.sleep(0.1)
    print("parent: worked to its end")


async def main() -> None:
    asyncio.get_running_loop().set_task_factory(
        asyncio.eager_task_factory
    )
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(parent(group))
            await asyncio.sleep(60)
    except* ValueError as failed:
        print("main: handled", *failed.exceptions)


asyncio.run(main())
