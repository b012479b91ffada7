"""A forgotten task that sleeps survives the garbage collector: the loop's timer leads to it.

The loop refers weakly to the task itself. It refers strongly to the
timer, the timer to the future that `sleep` awaits, and that future to
the task. No such chain leads to a task that waits for a future that
only the task holds.
"""

import asyncio
import gc
from typing import Any, List


async def sleeper() -> None:
    await asyncio.sleep(0.05)
    print("sleeper: done")


async def waiter() -> None:
    try:
        await asyncio.get_running_loop().create_future()
    except GeneratorExit:
        print("waiter: destroyed")
        raise


async def main() -> None:
    reports: List[Any] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: reports.append(context["message"])
    )
    asyncio.create_task(sleeper())
    asyncio.create_task(waiter())
    await asyncio.sleep(0)  # let both start
    gc.collect()
    print("loop:", *reports)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.wait(others)


asyncio.run(main())
