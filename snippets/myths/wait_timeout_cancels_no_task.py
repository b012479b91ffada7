"""When `asyncio.wait` or `as_completed` runs out of time, the late task runs on."""

import asyncio


async def answer(go_on: asyncio.Event) -> str:
    await go_on.wait()
    return "answer"


async def main() -> None:
    go_on = asyncio.Event()
    task = asyncio.create_task(answer(go_on))

    _, pending = await asyncio.wait([task], timeout=0.05)
    print("wait: returned, pending:", len(pending))

    try:
        for first in asyncio.as_completed([task], timeout=0.05):
            await first
    except asyncio.TimeoutError:
        print("as_completed: TimeoutError")

    go_on.set()
    print("task:", await task)


asyncio.run(main())
