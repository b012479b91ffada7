"""Seen on Python 3.11.7 and newer: Ctrl-C cancels the main task before all others.

The other tasks are cancelled when the main task has ended. Up to
Python 3.10.13 all tasks were cancelled together. `demo` sends the signal
once `main` waits.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def help_main() -> None:
    await asyncio.Event().wait()


async def main() -> None:
    helper = asyncio.create_task(help_main())
    try:
        await asyncio.Event().wait()
    finally:
        print("main: cleaning up")
        done, _ = await asyncio.wait([helper], timeout=0.1)
        print("main: the helper has ended:", bool(done))


async def demo() -> None:  # presses Ctrl-C; do not copy
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGINT)
    await main()


try:
    asyncio.run(demo())
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
