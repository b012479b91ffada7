"""A SIGTERM handler that sets an event lets this service clean up and end by itself.

This works in process 1 of a container as well. `main` sends the signal
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
    loop.call_soon(
        signal.raise_signal, signal.SIGTERM
    )  # do not copy
    await stopping.wait()
    print("service: cleaning up")


asyncio.run(main())
