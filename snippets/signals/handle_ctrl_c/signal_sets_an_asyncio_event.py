"""A signal can set an `asyncio.Event` that the main task waits for.

`add_signal_handler` has the loop call `stopping.set`, for Ctrl-C (SIGINT)
and for SIGTERM alike. Copy `serve`; `main` only sends the signal, once
`serve` waits.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def serve() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    print("main: working")
    await stopping.wait()
    print("main: cleaning up")


async def main() -> None:  # sends SIGTERM; do not copy
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGTERM)
    await serve()


asyncio.run(main())
