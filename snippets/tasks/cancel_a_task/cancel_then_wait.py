"""A cancelled task runs its `finally`; `asyncio.wait` waits until it has ended.

`cancel()` only sends the request. The task receives it as a
`CancelledError`, raised by the `await` where it stands.
"""

import asyncio


async def work() -> None:
    try:
        print("work: waiting")
        await asyncio.sleep(60)
    finally:
        print("work: tidying up")


async def main() -> None:
    task = asyncio.create_task(work())
    await asyncio.sleep(0)  # let it start
    task.cancel()
    await asyncio.wait([task])
    print("main: cancelled:", task.cancelled())


asyncio.run(main())
