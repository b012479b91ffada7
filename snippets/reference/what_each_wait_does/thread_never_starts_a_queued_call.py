"""Cancelling `wrap_future` cancels a future whose call is still queued."""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import List

calls: List[str] = []


def work() -> str:
    calls.append("a call")
    return "result"


async def host(future: "Future[str]") -> str:
    return await asyncio.wrap_future(future)


async def main() -> None:
    go_on = Event()
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(go_on.wait)  # keeps the only thread busy
        future = pool.submit(work)
        task = asyncio.create_task(host(future))
        await asyncio.sleep(0)  # it is waiting now
        task.cancel()
        await asyncio.wait([task])
        end = "is cancelled" if future.cancelled() else "goes on"
        go_on.set()
        (again,) = await asyncio.gather(
            host(future), return_exceptions=True
        )
    left = "the thread" if calls else "nothing"
    lost = "nothing" if again == "result" else "the result"

    print("call: await wrap_future(queued)")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", left)


asyncio.run(main())
