"""A `Semaphore.acquire` that is cancelled while it waits keeps no permit.

The hardest moment: the permit is free and the first task has been woken to
take it, but is cancelled before it runs. The next task gets the permit.
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
    semaphore.release()  # the permit of the other task
    lost = "the permit" if semaphore.locked() else "nothing"

    print("call: await semaphore.acquire()")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", "a task" if left else "nothing")


asyncio.run(main())
