"""Up to Python 3.11, `wait_for` loses a request that comes as it finishes.

The result is there, `wait_for` has not returned yet, and then the request
arrives. Since 3.12 it ends in CancelledError, as any other await would,
and the result is dropped.
"""

import asyncio


async def main() -> None:
    waiting = asyncio.Event()
    inner: "asyncio.Future[str]" = asyncio.Future()

    async def work() -> None:
        waiting.set()
        print("work: got", await asyncio.wait_for(inner, 60))
        await asyncio.sleep(0)
        print("work: not cancelled")

    task = asyncio.create_task(work())
    await waiting.wait()
    inner.set_result("the answer")
    print("main: cancel() returned", task.cancel())
    await asyncio.wait([task])
    print("main: task.cancelled() is", task.cancelled())


asyncio.run(main())
