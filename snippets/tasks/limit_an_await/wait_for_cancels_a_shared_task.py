"""When time is up, `wait_for` cancels a shared task for all tasks that await it.

A `timeout()` block around `await shared` does the same.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "patient: CancelledError"
# ///

import asyncio


async def patient(shared: "asyncio.Task[None]") -> None:
    try:
        await shared
    except asyncio.CancelledError:
        print("patient: CancelledError")
        raise


async def main() -> None:
    shared = asyncio.create_task(asyncio.sleep(60))
    other = asyncio.create_task(patient(shared))
    try:
        await asyncio.wait_for(shared, timeout=0.05)
    except asyncio.TimeoutError:
        await asyncio.wait([other])
    print("main: shared was cancelled:", shared.cancelled())


asyncio.run(main())
