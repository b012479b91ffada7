"""A `signal.signal` handler wakes the loop by `call_soon_threadsafe`.

`main` sends the signal when the loop has been idle for a while.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import os
import signal
from threading import Timer


async def serve() -> None:
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    signal.signal(
        signal.SIGTERM,
        lambda *_: loop.call_soon_threadsafe(stopping.set),
    )
    print("main: idle")
    await stopping.wait()
    print("main: cleaning up")


async def main() -> None:  # sends SIGTERM; do not copy
    timer = Timer(0.3, os.kill, [os.getpid(), signal.SIGTERM])
    asyncio.get_running_loop().call_soon(timer.start)
    await serve()


asyncio.run(main())
