"""`AsyncIOScheduler.shutdown(wait=True)` does not wait: it returns at once, and the running coroutine is cancelled later."""

# /// script
# requires-python = ">=3.11"
# dependencies = ["apscheduler==3.11.3"]
# ///

import asyncio
import logging

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
started, ended = asyncio.Event(), asyncio.Event()


async def job() -> None:
    started.set()
    try:
        await asyncio.sleep(60)
    finally:
        print("job: cleans up")
        await asyncio.sleep(0.01)
        print("job: cleaned up")
        ended.set()


async def main() -> None:
    scheduler = AsyncIOScheduler()
    scheduler.add_job(job, misfire_grace_time=None)
    scheduler.start()
    await started.wait()
    scheduler.shutdown(wait=True)
    print("main: running after shutdown:", scheduler.running)
    await ended.wait()  # or asyncio.run cuts the cleanup off
    print("main: running at last:", scheduler.running)


asyncio.run(main())
