"""`shield` protects the inner task only; the task that awaits it is cancelled."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: the job was cancelled: True"
# ///

import asyncio


async def job(
    saving: "asyncio.Task[bool]", waiting: asyncio.Event
) -> None:
    waiting.set()
    await asyncio.shield(saving)
    print("job: never printed")


async def main() -> None:
    disk = asyncio.Event()
    waiting = asyncio.Event()
    saving = asyncio.create_task(disk.wait())
    task = asyncio.create_task(job(saving, waiting))
    await waiting.wait()
    task.cancel()
    await asyncio.wait([task])
    print("main: the job was cancelled:", task.cancelled())
    disk.set()
    print("main: saved:", await saving)


asyncio.run(main())
