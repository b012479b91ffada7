"""`BackgroundTasks` reports a failure at once, and cancels the other tasks when its block ends."""

import asyncio
from typing import Any, Dict

from background_tasks import BackgroundTasks


async def heartbeat(beats: "asyncio.Queue[str]") -> None:
    try:
        while True:
            beats.put_nowait("beat")
            await asyncio.sleep(0.01)
    finally:
        await asyncio.sleep(0.01)
        print("heartbeat: closed")


async def upload() -> None:
    raise OSError("disk full")


def report(_: object, context: Dict[str, Any]) -> None:
    print("loop:", context["message"], repr(context["exception"]))


async def main() -> None:
    asyncio.get_running_loop().set_exception_handler(report)
    beats: "asyncio.Queue[str]" = asyncio.Queue()
    async with BackgroundTasks() as tasks:
        tasks.spawn(heartbeat(beats))
        tasks.spawn(upload())
        for _ in range(2):
            print("main:", await beats.get())
    print("main: tasks left:", len(tasks))


asyncio.run(main())
