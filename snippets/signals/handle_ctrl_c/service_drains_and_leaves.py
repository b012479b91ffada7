"""A service that gets SIGTERM finishes the jobs that it took, up to a limit.

What is not finished after `PATIENCE` seconds is cancelled.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal

PATIENCE = 0.5


async def handle(job: str) -> None:
    try:
        await asyncio.sleep(60 if job == "a long job" else 0)
        print("worker: finished", job)
    except asyncio.CancelledError:
        print("worker: gave up", job)
        raise


async def work(jobs: "asyncio.Queue[str]") -> None:
    while True:
        job = await jobs.get()
        try:
            await handle(job)
        finally:
            jobs.task_done()


async def main() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)

    jobs: "asyncio.Queue[str]" = asyncio.Queue()
    worker = asyncio.create_task(work(jobs))
    for job in ("a short job", "another", "a long job"):
        jobs.put_nowait(job)
    print("main: SIGTERM comes before the first job begins")
    signal.raise_signal(signal.SIGTERM)  # as `kill` would

    await stopping.wait()  # here a service would take jobs
    drained = asyncio.create_task(jobs.join())
    await asyncio.wait([drained], timeout=PATIENCE)
    for task in (worker, drained):
        task.cancel()
    await asyncio.wait([worker, drained])
    print("main: all jobs done:", not drained.cancelled())


asyncio.run(main())
