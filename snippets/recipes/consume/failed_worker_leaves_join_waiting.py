"""`queue.join()` waits forever once the workers have ended with an exception."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import asyncio


async def worker(queue: "asyncio.Queue[str]") -> None:
    while True:
        item = await queue.get()
        print("worker:", int(item))
        queue.task_done()


async def main() -> None:
    queue: "asyncio.Queue[str]" = asyncio.Queue()
    for item in ("1", "two", "3"):
        queue.put_nowait(item)
    task = asyncio.create_task(worker(queue))
    print("main: waiting until all is done")
    await queue.join()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    print("main: never reached")


asyncio.run(main())
