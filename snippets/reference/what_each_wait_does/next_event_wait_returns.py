"""Cancelling `Event.wait` changes neither the event nor its other waiters."""

import asyncio


async def main() -> None:
    event = asyncio.Event()
    task = asyncio.create_task(event.wait())
    other = asyncio.create_task(event.wait())
    await asyncio.sleep(0)  # both are waiting now
    event.set()  # wakes both
    task.cancel()
    await asyncio.wait([task])
    end = "stays as it is" if event.is_set() else "is cleared"
    await asyncio.wait([other], timeout=1)
    lost = "nothing" if other.done() else "the event"
    left = asyncio.all_tasks() - {asyncio.current_task()}

    print("call: await event.wait()")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", "a task" if left else "nothing")


asyncio.run(main())
