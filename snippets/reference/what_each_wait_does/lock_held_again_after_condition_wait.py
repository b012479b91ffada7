"""A cancelled `Condition.wait` holds the lock again when it raises.

The hardest moment: the first task has been notified, and is cancelled before
it runs. Python 3.13.0 and newer then notify the next task, 3.12.1 does not.
"""

import asyncio
from typing import List


async def main() -> None:
    condition = asyncio.Condition()
    ends: List[str] = []

    async def host() -> None:
        async with condition:
            try:
                await condition.wait()
            except asyncio.CancelledError:
                held = condition.locked()
                ends.append("locked again" if held else "left open")
                raise

    task = asyncio.create_task(host())
    other = asyncio.create_task(host())
    await asyncio.sleep(0)
    async with condition:  # both are waiting now
        condition.notify()  # the first
    task.cancel()
    await asyncio.wait([task])
    await asyncio.wait([other], timeout=0.5)
    lost = "nothing" if other.done() else "the notification"
    other.cancel()
    await asyncio.wait([other])
    left = asyncio.all_tasks() - {asyncio.current_task()}

    print("call: await condition.wait()")
    print("what it waits for:", ends[0])
    print("lost:", lost)
    print("still running:", "a task" if left else "nothing")


asyncio.run(main())
