"""Of these four, only a `TaskGroup` stops the other task in both cases.

If the caller is cancelled, `gather` cancels its tasks. If one of the tasks
fails, it does not. `wait` and `as_completed` cancel no task in either case.
"""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio
from asyncio import FIRST_EXCEPTION
from collections.abc import Callable, Coroutine

Job = Coroutine[None, None, None]


async def task_group(*jobs: Job) -> None:
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(job)


async def gather(*jobs: Job) -> None:
    await asyncio.gather(*jobs)


async def wait(*jobs: Job) -> None:
    tasks = [asyncio.create_task(job) for job in jobs]
    done, _ = await asyncio.wait(tasks, return_when=FIRST_EXCEPTION)
    done.pop().result()


async def as_completed(*jobs: Job) -> None:
    for job in asyncio.as_completed(jobs):
        await job


async def other_task(way: Callable[..., Job], fails: bool) -> str:
    async def trouble() -> None:
        if fails:
            raise ValueError
        host.cancel()

    jobs = asyncio.sleep(60), trouble()
    host = asyncio.create_task(way(*jobs))
    await asyncio.gather(host, return_exceptions=True)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    return "runs on" if left else "stopped"


for way in (task_group, gather, wait, as_completed):
    print(f"{way.__name__}: the other task")
    print("  when one fails:", asyncio.run(other_task(way, True)))
    print("  when cancelled:", asyncio.run(other_task(way, False)))
