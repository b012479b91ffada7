"""Cancelling `wrap_future` does not cancel a future whose call is running."""

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event


def work(begun: Event, go_on: Event) -> str:
    begun.set()
    go_on.wait()
    return "result"


async def host(future: "Future[str]") -> str:
    return await asyncio.wrap_future(future)


async def main() -> None:
    begun, go_on = Event(), Event()
    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(work, begun, go_on)
        begun.wait()
        task = asyncio.create_task(host(future))
        await asyncio.sleep(0)  # it is waiting now
        task.cancel()
        await asyncio.wait([task])
        left = "the thread" if future.running() else "nothing"
        go_on.set()
        (again,) = await asyncio.gather(
            host(future), return_exceptions=True
        )
    end = "is cancelled" if future.cancelled() else "goes on"
    lost = "nothing" if again == "result" else "the result"

    print("call: await wrap_future(running)")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", left)


asyncio.run(main())
