"""`cancel_and_wait` returns when the task's cleanup is done, with whether it ended as cancelled."""

import asyncio

from cancel_and_wait import cancel_and_wait


async def worker() -> None:
    try:
        await asyncio.sleep(3600)
    finally:
        print("worker: closing")
        await asyncio.sleep(0.1)
        print("worker: closed")


async def stubborn() -> str:
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        return "finished anyway"
    return "never reached"


async def main() -> None:
    for job in (worker(), stubborn()):
        task = asyncio.create_task(job)
        await asyncio.sleep(0)
        print("main: cancelled:", await cancel_and_wait(task))


asyncio.run(main())
