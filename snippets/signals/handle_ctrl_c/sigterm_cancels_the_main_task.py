"""With `add_signal_handler(SIGTERM, task.cancel)`, the task leaves through `finally`.

The caller turns the cancellation into the exit status that a shell shows
for SIGTERM. `main` sends the signal once `serve` waits.
"""

# /// script
# [tool.pleasestop]
# exit = 143
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal
import sys


async def serve() -> None:
    task = asyncio.current_task()
    assert task is not None
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        print("main: working")
        await asyncio.sleep(60)
    finally:
        print("main: cleaning up")


async def main() -> None:  # sends SIGTERM; do not copy
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGTERM)
    await serve()


try:
    asyncio.run(main())
except asyncio.CancelledError:
    sys.exit(128 + signal.SIGTERM)
