"""`consume` handles what is queued before it returns, and raises what a handler raised."""

import asyncio

from consume import consume


async def handle(item: str) -> None:
    await asyncio.sleep(0.01)
    print("worker:", int(item))


async def work_off(*items: str) -> None:
    queue: "asyncio.Queue[str]" = asyncio.Queue(maxsize=10)
    closing = asyncio.Event()
    call = asyncio.create_task(
        consume(queue, handle, closing=closing)
    )
    for item in items:
        await queue.put(item)
    closing.set()
    await call


async def main() -> None:
    await work_off("1", "2", "3")
    print("main: all done")
    try:
        await work_off("4", "five", "6")
    except ValueError as error:
        print("main:", error)


asyncio.run(main())
