"""A cancelled `Semaphore.acquire` keeps no permit; the next in line gets it.

The hardest moment: the permit is free and the first task has been
woken to take it, when it is cancelled.
"""

import asyncio


async def main() -> None:
    semaphore = asyncio.Semaphore(1)
    await semaphore.acquire()
    task = asyncio.create_task(semaphore.acquire())
    other = asyncio.create_task(semaphore.acquire())
    await asyncio.sleep(0)  # both are waiting now
    semaphore.release()  # wakes the first
    task.cancel()
    await asyncio.wait([task])
    await asyncio.wait([other], timeout=1)
    end = "goes to the next" if other.done() else "is stuck"
    left = asyncio.all_tasks() - {asyncio.current_task()}
    semaphore.release()  # the other one's
    lost = "the permit" if semaphore.locked() else "nothing"

    print("call: await semaphore.acquire()")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", "a task" if left else "nothing")


asyncio.run(main())
