"""If no `await` follows a self-cancel, the task ends cancelled and its value is lost.

Nothing is raised inside. If the task raises another exception, it ends
with that exception, and is not cancelled.
"""

import asyncio


def cancel_me() -> None:
    if task := asyncio.current_task():
        task.cancel()


async def returns() -> int:
    try:
        cancel_me()
    except asyncio.CancelledError:
        print("returns: never printed")
    print("returns: returning 42")
    return 42


async def fails() -> int:
    cancel_me()
    raise ValueError("no such number")


async def main() -> None:
    for work in (returns, fails):
        task = asyncio.create_task(work())
        try:
            print("main: the result is", await task)
        except asyncio.CancelledError:
            print("main: there is no result")
        except ValueError as error:
            print("main: it failed:", error)
        print("main: cancelled:", task.cancelled())


asyncio.run(main())
