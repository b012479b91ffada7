"""Seen on Python 3.11.7 and newer: Ctrl-C cancels the main task before all others.

The other tasks are cancelled when the main task has ended. Up to
Python 3.10.13 all tasks were cancelled together. `main` sends the signal
once `serve` waits.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def assist() -> None:
    await asyncio.Event().wait()


async def serve() -> None:
    helper = asyncio.create_task(assist())
    try:
        await asyncio.Event().wait()
    finally:
        print("main: cleaning up")
        done, _ = await asyncio.wait([helper], timeout=0.1)
        print("main: the helper has ended:", bool(done))


async def main() -> None:  # presses Ctrl-C; do not copy
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGINT)
    await serve()


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
