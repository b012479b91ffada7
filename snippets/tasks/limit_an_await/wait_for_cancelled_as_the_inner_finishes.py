"""On Python 3.11.7 and older, `wait_for` loses a cancellation that comes as it finishes.

The result is there, `wait_for` is about to return, and the task is
cancelled. On 3.12.1 and newer `wait_for` raises CancelledError, as
other awaits do, and the result is dropped (gh-86296).
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
