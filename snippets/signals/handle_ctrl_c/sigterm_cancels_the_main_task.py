"""`add_signal_handler(SIGTERM, task.cancel)` wakes the loop and cleans up.

The caller turns the cancellation into the exit status that a shell shows
for SIGTERM.
"""

# /// script
# [tool.pleasestop]
# exit = 143
# platforms = ["linux", "macos"]
# ///

import asyncio
import os
import signal
import sys
from threading import Timer


async def main() -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    Timer(0.3, os.kill, [os.getpid(), signal.SIGTERM]).start()
    try:
        print("main: idle")
        await asyncio.sleep(60)
    finally:
        print("main: tidying up")


try:
    asyncio.run(main())
except asyncio.CancelledError:
    sys.exit(128 + signal.SIGTERM)
