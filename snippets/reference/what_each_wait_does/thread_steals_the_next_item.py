"""A cancelled `run_in_executor(None, queue.get)` still takes the next item."""

import asyncio
from queue import Queue
from threading import Event

jobs: "Queue[str]" = Queue()
begun, ended = Event(), Event()


def take() -> str:
    begun.set()
    job = jobs.get()
    ended.set()
    return job


async def main() -> None:
    loop = asyncio.get_running_loop()

    async def host() -> str:
        return await loop.run_in_executor(None, take)

    task = asyncio.create_task(host())
    await asyncio.sleep(0)  # the thread is started
    await loop.run_in_executor(None, begun.wait)
    task.cancel()
    await asyncio.wait([task])
    left = "nothing" if ended.is_set() else "the thread"

    jobs.put("item")
    taken = await loop.run_in_executor(None, ended.wait, 1)
    lost = "the item" if jobs.empty() else "nothing"

    print("call: await run_in_executor(None, queue.get)")
    print("what it waits for:", "goes on" if taken else "ends")
    print("lost:", lost)
    print("still running:", left)


asyncio.run(main())
