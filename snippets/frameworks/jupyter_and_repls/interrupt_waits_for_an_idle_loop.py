"""A `signal.signal` handler that hands the interrupt to `call_soon` does not end an `await` before something else wakes the loop.

ipykernel 7.4.0 handles the interrupt of a cell that awaits in this way.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "the cell has ended: False"
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal
import threading

in_the_cell, ended = threading.Event(), threading.Event()


def press_interrupt(loop: asyncio.AbstractEventLoop) -> None:
    in_the_cell.wait()
    ended.wait(timeout=0.3)  # lets the loop fall idle
    signal.pthread_kill(main_thread, signal.SIGINT)
    print("button: the cell has ended:", ended.wait(0.5))
    loop.call_soon_threadsafe(print, "loop: woken by something")


async def cell() -> None:
    in_the_cell.set()
    await asyncio.sleep(3600)


async def kernel() -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(cell(), name="cell")
    signal.signal(
        signal.SIGINT, lambda *_: loop.call_soon(task.cancel)
    )
    button = threading.Thread(target=press_interrupt, args=(loop,))
    button.start()
    await asyncio.wait([task])
    print("cell: cancelled:", task.cancelled())
    ended.set()
    button.join()


main_thread = threading.get_ident()
asyncio.run(kernel())
