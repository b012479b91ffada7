"""A cancelled `gather` ends with its first task; others can still clean up."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: slow has ended: False"
# ///

import asyncio


async def child(closing: asyncio.Event) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        await closing.wait()


async def gather(*tasks: "asyncio.Task[None]") -> None:
    await asyncio.gather(*tasks)


async def main() -> None:
    quick, slow = asyncio.Event(), asyncio.Event()
    tasks = [
        asyncio.create_task(child(quick)),
        asyncio.create_task(child(slow)),
    ]
    caller = asyncio.create_task(gather(*tasks))
    await asyncio.sleep(0)  # all three are waiting now
    caller.cancel()
    quick.set()
    await asyncio.wait([caller])
    print("main: gather was cancelled:", caller.cancelled())
    print("main: slow has ended:", tasks[1].done())
    slow.set()
    await asyncio.wait(tasks)


asyncio.run(main())
