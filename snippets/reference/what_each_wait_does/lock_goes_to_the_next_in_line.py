"""A `Lock.acquire` that is cancelled while it waits does not hold the lock.

The hardest moment: the lock is free and the first task has been woken to
take it, but is cancelled before it runs. The next task gets the lock.
"""

import asyncio


async def main() -> None:
    lock = asyncio.Lock()
    await lock.acquire()
    task = asyncio.create_task(lock.acquire())
    other = asyncio.create_task(lock.acquire())
    await asyncio.sleep(0)  # both are waiting now
    lock.release()  # wakes the first
    task.cancel()
    await asyncio.wait([task])
    await asyncio.wait([other], timeout=1)
    end = "goes to the next" if other.done() else "is stuck"
    left = asyncio.all_tasks() - {asyncio.current_task()}
    lock.release()  # held by the other task
    lost = "the lock" if lock.locked() else "nothing"

    print("call: await lock.acquire()")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", "a task" if left else "nothing")


asyncio.run(main())
