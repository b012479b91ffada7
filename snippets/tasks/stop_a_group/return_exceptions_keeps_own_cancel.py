"""`return_exceptions=True` collects a child's cancellation, not the caller's."""

import asyncio


async def host(
    child: "asyncio.Task[None]", begun: asyncio.Event
) -> None:
    begun.set()
    results = await asyncio.gather(child, return_exceptions=True)
    print("host: got a", type(results[0]).__name__)


async def main() -> None:
    for whom in ("child", "host"):
        begun = asyncio.Event()
        child = asyncio.create_task(asyncio.sleep(60))
        task = asyncio.create_task(host(child, begun))
        await begun.wait()
        print("main: cancelling the", whom)
        (child if whom == "child" else task).cancel()
        await asyncio.wait([task])
        print("main: child cancelled:", child.cancelled())
        print("main: host cancelled:", task.cancelled())


asyncio.run(main())
