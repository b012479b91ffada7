"""`asyncio.wait` and `gather` wait for a cancelled task and let your own cancel pass.

If the waiter is cancelled, `wait` leaves the task alone. `gather`
cancels it once more, which interrupts its cleanup.
"""

import asyncio


async def child(
    tidying: asyncio.Event, go_on: asyncio.Event
) -> None:
    try:
        await asyncio.sleep(60)
    finally:
        tidied = False
        try:
            tidying.set()
            tidied = await go_on.wait()
        finally:
            print("  child: tidied up:", tidied)


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
        tidying, go_on = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(child(tidying, go_on))
        await asyncio.sleep(0)  # let the child start
        waiter = asyncio.create_task(parent(task, how))
        await tidying.wait()
        waiter.cancel()
        await asyncio.wait([waiter])
        print("  main: parent is cancelled:", waiter.cancelled())
        go_on.set()
        await asyncio.wait([task])
        print("  main: child is cancelled:", task.cancelled())


asyncio.run(main())
