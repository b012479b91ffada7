"""A cancelled step of `as_completed` is used up, but the task runs on."""

import asyncio
from typing import Awaitable, Iterator


async def work(go_on: asyncio.Event) -> str:
    try:
        await go_on.wait()
        return "result"
    finally:
        await asyncio.sleep(0.05)  # it cleans up


async def host(steps: Iterator[Awaitable[str]]) -> str:
    for step in steps:
        return await step
    return "no step left"


async def main() -> None:
    go_on = asyncio.Event()
    child = asyncio.create_task(work(go_on))
    steps = iter(asyncio.as_completed([child]))
    task = asyncio.create_task(host(steps))
    await asyncio.sleep(0)  # both are waiting now
    task.cancel()
    await asyncio.wait([task])
    left = "nothing" if child.done() else "the child"

    go_on.set()
    await asyncio.wait([child])
    end = "is cancelled" if child.cancelled() else "goes on"
    again = await host(steps)
    lost = "nothing" if again == "result" else "the step"

    print("call: for step in as_completed(...)")
    print("what it waits for:", end)
    print("lost:", lost)
    print("still running:", left)


asyncio.run(main())
