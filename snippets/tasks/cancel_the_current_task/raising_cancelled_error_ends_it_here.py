"""`raise asyncio.CancelledError` ends the task there, unless its code catches the exception.

The task counts as cancelled. No cancellation was requested, so
`cancelling()` (Python 3.11 and newer) is still 0.
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
