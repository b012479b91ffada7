"""A program with a handler for SIGTERM ends by itself, after its cleanup, with status 0.

This holds for process 1 of a container as well. `main` sends the signal
to itself.
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
    print("service: working")
    loop.call_soon(signal.raise_signal, signal.SIGTERM)  # for show
    await stopping.wait()
    print("service: cleaning up")


asyncio.run(main())
