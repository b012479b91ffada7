"""A `Queue.get` that is cancelled while it waits takes no item.

The hardest moment: the item is there and the first task has been woken to
take it, but is cancelled before it runs. The next task gets the item.
"""

import asyncio


async def main() -> None:
    queue: "asyncio.Queue[str]" = asyncio.Queue()
    task = asyncio.create_task(queue.get())
    other = asyncio.create_task(queue.get())
    await asyncio.sleep(0)  # both are waiting now
    queue.put_nowait("item")  # wakes the first
    task.cancel()
    await asyncio.wait([task])
    await asyncio.wait([other], timeout=1)
    woken = other.done()
    kept = woken and other.result() == "item"
    left = asyncio.all_tasks() - {asyncio.current_task()}

    end = "goes to the next" if woken else "is stuck"
    print("call: await queue.get()")
    print("what it waits for:", end)
    print("lost:", "nothing" if kept else "the item")
    print("still running:", "a task" if left else "nothing")


asyncio.run(main())
