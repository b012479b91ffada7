"""A second `cancel()` interrupts a cleanup that waits at an `await`.

An `await` in `finally` raises `CancelledError` like any other.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: second cancel() returned True"
# ///

import asyncio


async def work(logging_out: asyncio.Event) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        print("work: logging out")
        logging_out.set()
        await asyncio.sleep(60)  # stands for the log-out
        print("work: never printed")


async def main() -> None:
    logging_out = asyncio.Event()
    task = asyncio.create_task(work(logging_out))
    await asyncio.sleep(0)  # let it start
    print("main: first cancel() returned", task.cancel())
    await logging_out.wait()
    print("main: second cancel() returned", task.cancel())
    await asyncio.wait([task])
    print("main: the task is cancelled:", task.cancelled())


asyncio.run(main())
