"""Cancelling `Queue.join` does not stop the workers."""

import asyncio


async def main() -> None:
    queue: "asyncio.Queue[str]" = asyncio.Queue()
    go_on = asyncio.Event()

    async def work() -> None:
        await queue.get()
        await go_on.wait()
        queue.task_done()

    queue.put_nowait("job")
    worker = asyncio.create_task(work())
    task = asyncio.create_task(queue.join())
    await asyncio.sleep(0)  # both are waiting now
    task.cancel()
    await asyncio.wait([task])
    left = "nothing" if worker.done() else "the worker"

    go_on.set()
    again = asyncio.create_task(queue.join())
    await asyncio.wait([again], timeout=1)
    end = "is cancelled" if worker.cancelled() else "goes on"

    print("call: await queue.join()")
    print("what it waits for:", end)
    print("lost:", "nothing" if again.done() else "the end")
    print("still running:", left)


asyncio.run(main())
