"""A signal can set an `asyncio.Event` that the main task waits for.

`add_signal_handler` calls `stopping.set` in the loop, for Ctrl-C (SIGINT)
and for SIGTERM alike. The program ends in order, with exit code 0.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def main() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)

    print("main: working")
    signal.raise_signal(signal.SIGTERM)  # as `kill` would
    await stopping.wait()
    print("main: asked to stop, tidying up")
    signal.raise_signal(signal.SIGINT)  # no effect
    await asyncio.sleep(0.1)
    print("main: done")


asyncio.run(main())
