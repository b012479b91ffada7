"""Without `uncancel()`, a swallowed cancellation can come back when a TaskGroup fails.

A cancellation raises the task's `cancelling()` count. Catching the
`CancelledError` does not lower the count; `uncancel()` does. Seen on
3.13.0, 3.14.8 and 3.15.0, not on 3.11.7 and 3.12.1: a group whose child
failed cancels the task anew if the count is above zero (gh-116720).
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
        print(
            "with uncancel()" if uncancel else "without uncancel()"
        )
        task = asyncio.create_task(work(uncancel))
        await asyncio.sleep(0)  # let it start
        task.cancel()
        await asyncio.wait([task])
        print("  cancelled:", task.cancelled())


asyncio.run(main())
