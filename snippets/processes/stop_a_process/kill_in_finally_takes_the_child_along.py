"""A `finally` that kills the child and waits ends it when the task is cancelled."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio


async def run_sleep(started: asyncio.Event) -> None:
    child = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        started.set()
        await child.wait()
    finally:
        if child.returncode is None:
            child.kill()
        print("task: the child ended with", await child.wait())


async def main() -> None:
    started = asyncio.Event()
    task = asyncio.create_task(run_sleep(started))
    await started.wait()
    task.cancel()
    await asyncio.wait([task])
    print("main: the task was cancelled:", task.cancelled())


asyncio.run(main())
