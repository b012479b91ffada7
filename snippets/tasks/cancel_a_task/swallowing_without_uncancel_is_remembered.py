"""From Python 3.13 on, a swallowed request comes back when a TaskGroup fails.

A request raises the task's `cancelling()` count, and catching the
`CancelledError` does not lower it; `uncancel()` does. A group whose
child failed cancels the task anew if the count is above zero.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def fail() -> None:
    raise ValueError("no such file")


async def work(uncancel: bool) -> None:
    me = asyncio.current_task()
    assert me is not None
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        if uncancel:
            me.uncancel()
    print("  going on, cancelling() is", me.cancelling())
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
    except* ValueError:
        print("  the failure is handled")
    await asyncio.sleep(0)
    print("  going on after the group")


async def main() -> None:
    for uncancel in (False, True):
        print("with uncancel()" if uncancel else "without it")
        task = asyncio.create_task(work(uncancel))
        await asyncio.sleep(0)  # let it start
        task.cancel()
        await asyncio.wait([task])
        print("  cancelled:", task.cancelled())


asyncio.run(main())
