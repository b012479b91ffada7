"""`except CancelledError: pass` around `await task` also swallows your own cancellation.

The cancellation of the child and your own arrive as the same
exception at the same `await`.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "parent: running on"
# ///

import asyncio


async def child(cleaning: asyncio.Event) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        cleaning.set()
        await asyncio.sleep(60)  # the cleanup takes a while


async def parent(cleaning: asyncio.Event) -> None:
    task = asyncio.create_task(child(cleaning))
    await asyncio.sleep(0)  # let it start
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass  # whose was it?
    print("parent: running on")


async def main() -> None:
    cleaning = asyncio.Event()
    task = asyncio.create_task(parent(cleaning))
    await cleaning.wait()
    print("main: cancel() of the parent:", task.cancel())
    await asyncio.wait([task])
    print("main: parent is cancelled:", task.cancelled())


asyncio.run(main())
