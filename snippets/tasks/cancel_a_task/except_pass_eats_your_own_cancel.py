"""`except CancelledError: pass` around `await task` swallows your own request too.

Both arrive as the same exception at the same `await`.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "parent: running on"
# ///

import asyncio


async def child(tidying: asyncio.Event) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        tidying.set()
        await asyncio.sleep(60)  # tidying up takes a while


async def parent(tidying: asyncio.Event) -> None:
    task = asyncio.create_task(child(tidying))
    await asyncio.sleep(0)  # let it start
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass  # whose was it?
    print("parent: running on")


async def main() -> None:
    tidying = asyncio.Event()
    task = asyncio.create_task(parent(tidying))
    await tidying.wait()
    print("main: please stop, parent:", task.cancel())
    await asyncio.wait([task])
    print("main: parent is cancelled:", task.cancelled())


asyncio.run(main())
