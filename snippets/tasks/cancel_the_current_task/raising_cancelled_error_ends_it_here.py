"""`raise asyncio.CancelledError` ends the task there, and it counts as cancelled.

No request was made: from Python 3.11 on, `cancelling()` is still 0.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def raises() -> None:
    raise asyncio.CancelledError


async def cancels_itself() -> None:
    if task := asyncio.current_task():
        task.cancel()
    print("cancels_itself: still running")


async def main() -> None:
    for work in (raises, cancels_itself):
        task = asyncio.create_task(work())
        await asyncio.wait([task])
        print(
            f"{work.__name__}: cancelled: {task.cancelled()},",
            end=" ",
        )
        print("cancelling():", task.cancelling())


asyncio.run(main())
