"""A service that gets SIGTERM finishes the jobs that it has, up to a limit.

The worker is cancelled if the jobs are not done after `PATIENCE` seconds.
`main` fills the queue and sends the signal.
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


async def serve(jobs: "asyncio.Queue[str]") -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    worker = asyncio.create_task(work(jobs))
    await stopping.wait()  # from here on, accept no job
    drained = asyncio.create_task(jobs.join())
    await asyncio.wait([drained], timeout=PATIENCE)
    for task in (worker, drained):
        task.cancel()
    await asyncio.wait([worker, drained])
    print("serve: all jobs done:", not drained.cancelled())


async def main() -> None:  # sends SIGTERM; do not copy
    jobs: "asyncio.Queue[str]" = asyncio.Queue()
    for job in ("a short job", "another", "a long job"):
        jobs.put_nowait(job)
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGTERM)
    await serve(jobs)


asyncio.run(main())
