"""After a self-cancel, an `await` that does not suspend the task raises nothing.

These do not suspend it: a finished future, a free lock, a queue with an
item, an event that is set, a coroutine that waits for nothing.
"""

import asyncio
from typing import Awaitable, List


async def plain() -> None:
    pass


async def work(step: "Awaitable[object]", log: List[str]) -> None:
    me = asyncio.current_task()
    assert me is not None
    me.cancel()
    await step
    log.append("passed")
    await asyncio.sleep(0)


async def main() -> None:
    finished: "asyncio.Future[None]" = asyncio.Future()
    finished.set_result(None)
    queue: "asyncio.Queue[str]" = asyncio.Queue()
    queue.put_nowait("a job")
    event = asyncio.Event()
    event.set()
    for name, step in {
        "a finished future": finished,
        "a plain coroutine": plain(),
        "a free lock": asyncio.Lock().acquire(),
        "a queue with an item": queue.get(),
        "an event that is set": event.wait(),
        "sleep(0)": asyncio.sleep(0),
        "sleep(60)": asyncio.sleep(60),
    }.items():
        log: List[str] = []
        await asyncio.wait([asyncio.create_task(work(step, log))])
        print(f"{name}: {log[0] if log else 'CANCELLED here'}")


asyncio.run(main())
