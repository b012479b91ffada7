"""A child that catches its cancellation and carries on keeps its `TaskGroup` open.

The group cancels each child once. A second `cancel()` of the task that runs
the group does not reach the child.
"""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: the group has ended: False"
# ///

import asyncio

saving = asyncio.Event()
saved = asyncio.Event()


async def save() -> None:
    saving.set()
    while not saved.is_set():
        try:
            await saved.wait()
        except asyncio.CancelledError:
            print("save: not now")


async def run_group() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(save())


async def main() -> None:
    host = asyncio.create_task(run_group())
    await saving.wait()
    for _ in range(2):
        print("main: host.cancel() returned", host.cancel())
        await asyncio.wait([host], timeout=0.1)
        print("main: the group has ended:", host.done())
    saved.set()
    await asyncio.wait([host])
    print("main: the group has ended:", host.done())


asyncio.run(main())
