"""A `Queue.put` that is cancelled while it waits does not put its item.

The hardest moment: there is room again and the first task has been woken to
use it, but is cancelled before it runs. The next task gets the place.
"""

import asyncio


async def main() -> None:
    queue: "asyncio.Queue[str]" = asyncio.Queue(maxsize=1)
    queue.put_nowait("old")
    task = asyncio.create_task(queue.put("new"))
    other = asyncio.create_task(queue.put("other"))
    await asyncio.sleep(0)  # both are waiting now
    queue.get_nowait()  # wakes the first
    task.cancel()
    await asyncio.wait([task])
    await asyncio.wait([other], timeout=1)
    end = "goes to the next" if other.done() else "is stuck"
    left = asyncio.all_tasks() - {asyncio.current_task()}

    items = [queue.get_nowait()]
    queue.put_nowait("new")  # the same call again
    while not queue.empty():
        items.append(queue.get_nowait())
    lost = "nothing" if items == ["other", "new"] else "an item"

    print("call: await queue.put(item)")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", "a task" if left else "nothing")


asyncio.run(main())
