"""Cancelling `await shield(task)` leaves the task running."""

import asyncio


async def work(go_on: asyncio.Event) -> str:
    try:
        await go_on.wait()
        return "result"
    finally:
        await asyncio.sleep(0.05)  # it cleans up


async def host(child: "asyncio.Task[str]") -> str:
    return await asyncio.shield(child)


async def main() -> None:
    go_on = asyncio.Event()
    child = asyncio.create_task(work(go_on))
    task = asyncio.create_task(host(child))
    await asyncio.sleep(0)  # both are waiting now
    task.cancel()
    await asyncio.wait([task])
    left = "nothing" if child.done() else "the child"

    go_on.set()
    await asyncio.wait([child])
    end = "is cancelled" if child.cancelled() else "goes on"
    (again,) = await asyncio.gather(
        host(child), return_exceptions=True
    )
    lost = "nothing" if again == "result" else "the result"

    print("call: await shield(task)")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", left)


asyncio.run(main())
