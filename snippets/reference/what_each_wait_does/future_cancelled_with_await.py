"""Cancelling `await future` cancels the future, which then accepts no result."""

import asyncio


async def main() -> None:
    loop = asyncio.get_running_loop()
    future: "asyncio.Future[str]" = loop.create_future()

    async def host() -> str:
        return await future

    task = asyncio.create_task(host())
    await asyncio.sleep(0)  # it is waiting now
    task.cancel()
    await asyncio.wait([task])
    end = "is cancelled" if future.cancelled() else "goes on"
    try:
        future.set_result("result")
        lost = "nothing"
    except asyncio.InvalidStateError:
        lost = "the result"
    left = asyncio.all_tasks() - {asyncio.current_task()}

    print("call: await future")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", "a task" if left else "nothing")


asyncio.run(main())
