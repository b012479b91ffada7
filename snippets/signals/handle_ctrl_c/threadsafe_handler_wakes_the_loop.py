"""A `signal.signal` handler wakes the loop by `call_soon_threadsafe`."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import os
import signal
from threading import Timer


async def main() -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    signal.signal(
        signal.SIGTERM,
        lambda *_: loop.call_soon_threadsafe(stopping.set),
    )
    Timer(0.3, os.kill, [os.getpid(), signal.SIGTERM]).start()
    print("main: idle")
    await stopping.wait()
    print("main: asked to stop, tidying up")


asyncio.run(main())
