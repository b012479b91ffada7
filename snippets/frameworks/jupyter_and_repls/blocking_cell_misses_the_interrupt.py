"""A function that blocks inside a coroutine goes on after such an interrupt, and a cell that then awaits no more is not cancelled at all."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "cell: cancelled: False"
# ///

import asyncio
import signal


def library() -> None:  # blocks, and does not await
    signal.raise_signal(signal.SIGINT)  # Interrupt is pressed
    print("library: goes on after the interrupt")


async def cell() -> None:
    library()
    print("cell: goes on")


async def kernel() -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(cell())
    signal.signal(
        signal.SIGINT, lambda *_: loop.call_soon(task.cancel)
    )
    await asyncio.wait([task])
    print("cell: cancelled:", task.cancelled())


asyncio.run(kernel())
