"""A `finally` with `task_done()` around `get()` replaces the cancellation by a ValueError."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "ValueError: task_done() called too many times"
# ///

import asyncio


async def work(jobs: "asyncio.Queue[str]") -> None:
    while True:
        try:
            job = await jobs.get()
            print("worker:", job)
        finally:
            jobs.task_done()


async def main() -> None:
    jobs: "asyncio.Queue[str]" = asyncio.Queue()
    jobs.put_nowait("a job")
    worker = asyncio.create_task(work(jobs))
    await jobs.join()
    worker.cancel()
    await asyncio.wait([worker])
    print("worker cancelled:", worker.cancelled())
    error = worker.exception()
    print(f"{type(error).__name__}: {error}")


asyncio.run(main())
