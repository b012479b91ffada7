"""If a child fails while its group is cancelled, the failure comes out first.

Python 3.11.7 and 3.12.1 then forget the cancellation. Python 3.13.0 and
newer raise it again at the next await that suspends.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def child(begun: asyncio.Event) -> None:
    try:
        begun.set()
        await asyncio.sleep(60)
    finally:
        raise ValueError("cleanup failed")


async def host(begun: asyncio.Event) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(child(begun))
    except* ValueError as failed:
        print("host: caught:", *failed.exceptions)
    await asyncio.sleep(0)
    print("host: works on, although it was cancelled")


async def main() -> None:
    begun = asyncio.Event()
    task = asyncio.create_task(host(begun))
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    print("main: host is cancelled:", task.cancelled())


asyncio.run(main())
