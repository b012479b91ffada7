"""A cancelled `TaskGroup` cancels its tasks, and waits until they have ended."""

# /// script
# requires-python = ">=3.11"
# ///

import asyncio


async def work(go_on: asyncio.Event) -> str:
    try:
        await go_on.wait()
        return "result"
    finally:
        await asyncio.sleep(0.05)  # it cleans up


async def main() -> None:
    go_on = asyncio.Event()
    started: "asyncio.Queue[asyncio.Task[str]]" = asyncio.Queue()

    async def host() -> None:
        async with asyncio.TaskGroup() as group:
            await started.put(group.create_task(work(go_on)))

    task = asyncio.create_task(host())
    child = await started.get()
    await asyncio.sleep(0)  # both are waiting now
    task.cancel()
    await asyncio.wait([task])
    left = "nothing" if child.done() else "the child"

    go_on.set()
    await asyncio.wait([child])
    end = "is cancelled" if child.cancelled() else "goes on"
    (again,) = await asyncio.gather(child, return_exceptions=True)
    lost = "nothing" if again == "result" else "the result"

    print("call: async with TaskGroup()")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", left)


asyncio.run(main())
