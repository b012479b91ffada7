"""With any handler set by `add_signal_handler`, an interrupt wakes the loop and ends the `await` of the cell."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal
import threading

in_the_cell, ended = threading.Event(), threading.Event()


def press_interrupt() -> None:
    in_the_cell.wait()
    ended.wait(timeout=0.3)  # lets the loop fall idle
    signal.pthread_kill(main_thread, signal.SIGINT)
    print("button: the cell has ended:", ended.wait(5))


async def cell() -> None:
    in_the_cell.set()
    await asyncio.sleep(3600)


async def kernel() -> None:
    loop = asyncio.get_running_loop()
    # The first cell of the notebook:
    loop.add_signal_handler(signal.SIGUSR1, print, "SIGUSR1")
    # A later cell:
    task = asyncio.create_task(cell(), name="cell")
    signal.signal(
        signal.SIGINT, lambda *_: loop.call_soon(task.cancel)
    )
    button = threading.Thread(target=press_interrupt)
    button.start()
    await asyncio.wait([task])
    print("cell: cancelled:", task.cancelled())
    ended.set()
    button.join()


main_thread = threading.get_ident()
asyncio.run(kernel())
