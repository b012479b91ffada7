"""Code that cancels every task of `all_tasks` cancels its own task too, which ends at its next `await`."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "asyncio.run: CancelledError, nothing was saved"
# ///

import asyncio


async def worker() -> None:
    try:
        await asyncio.sleep(3600)
    finally:
        print("worker: closed")


async def shutdown() -> None:
    for task in asyncio.all_tasks():
        task.cancel()
    await asyncio.sleep(0.1)  # time to clean up


async def main() -> None:
    task = asyncio.create_task(worker())
    await asyncio.sleep(0)
    await shutdown()
    print("main: saved, worker ended:", task.done())


try:
    asyncio.run(main())
except asyncio.CancelledError:
    print("asyncio.run: CancelledError, nothing was saved")
