"""In a self-cancelled task, `await`, `gather`, `wait_for` and a TaskGroup cancel the child.

`wait`, `as_completed` and `shield` do not: the child outlives its parent.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio

ENDS = ["await", "gather", "wait_for", "TaskGroup"]
LIVES = ["wait", "as_completed", "shield"]


async def work(way: str, go_on: asyncio.Event) -> None:
    try:
        await go_on.wait()
        print(f"{way}: the child finishes")
    except asyncio.CancelledError:
        print(f"{way}: the child is cancelled")
        raise


async def parent(way: str, go_on: asyncio.Event) -> None:
    me = asyncio.current_task()
    assert me is not None
    if way == "TaskGroup":
        async with asyncio.TaskGroup() as group:
            group.create_task(work(way, go_on))
            await asyncio.sleep(0)  # let it start
            me.cancel()
    child = asyncio.create_task(work(way, go_on))
    await asyncio.sleep(0)
    me.cancel()
    if way == "await":
        await child
    elif way == "gather":
        await asyncio.gather(child)
    elif way == "wait_for":
        await asyncio.wait_for(child, 60)
    elif way == "wait":
        await asyncio.wait([child])
    elif way == "as_completed":
        for first in asyncio.as_completed([child]):
            await first
    elif way == "shield":
        await asyncio.shield(child)


async def main() -> None:
    for way in ENDS + LIVES:
        go_on = asyncio.Event()
        task = asyncio.create_task(parent(way, go_on))
        await asyncio.wait([task])
        go_on.set()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)


asyncio.run(main())
