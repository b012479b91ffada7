"""`cancel()` also returns True for a task that then returns a value or fails.

True means that cancellation was requested. How the task ends is known
when it is done. False means that the task was done already.
"""

import asyncio


async def lets_it_pass() -> str:
    try:
        await asyncio.sleep(60)
    except Exception:
        print("never printed: not an Exception")
    return "done"


async def returns() -> str:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        return "half of it"
    return "done"


async def fails() -> str:
    try:
        await asyncio.sleep(60)
    finally:
        raise ValueError("cleanup failed")


async def ends_at_once() -> str:
    return "done"


async def main() -> None:
    for work in (lets_it_pass, returns, fails, ends_at_once):
        task = asyncio.create_task(work())
        await asyncio.sleep(0)  # let it start
        print(f"{work.__name__}: cancel() returned {task.cancel()}")
        await asyncio.wait([task])
        if task.cancelled():
            print("    it is cancelled")
        elif task.exception():
            print("    it failed:", task.exception())
        else:
            print("    it returned:", task.result())


asyncio.run(main())
