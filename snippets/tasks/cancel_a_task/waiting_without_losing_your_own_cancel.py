"""`asyncio.wait` and `gather(return_exceptions=True)` let your own cancellation through.

If the waiter is cancelled, `wait` leaves the child alone. `gather`
cancels the child a second time, which interrupts its cleanup.
"""

import asyncio


async def child(
    cleaning: asyncio.Event, go_on: asyncio.Event
) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        cleaning.set()
        await go_on.wait()
        print("  child: cleaned up")


async def parent(task: "asyncio.Task[None]", how: str) -> None:
    task.cancel()
    if how == "wait":
        await asyncio.wait([task])
    else:
        await asyncio.gather(task, return_exceptions=True)
    print("  parent: never printed")


async def main() -> None:
    for how in ("wait", "gather"):
        print(how)
        cleaning, go_on = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(child(cleaning, go_on))
        await asyncio.sleep(0)  # let the child start
        waiter = asyncio.create_task(parent(task, how))
        await cleaning.wait()
        waiter.cancel()
        await asyncio.wait([waiter])
        print("  main: parent is cancelled:", waiter.cancelled())
        print("  main: child has ended:", task.done())
        go_on.set()
        await asyncio.wait([task])


asyncio.run(main())
