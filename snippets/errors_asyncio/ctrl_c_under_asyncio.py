"""`asyncio.run` raises KeyboardInterrupt after Ctrl-C if main does not suppress its cancellation."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = -2
# seen = "KeyboardInterrupt"
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGINT)
    try:
        await asyncio.Event().wait()
    finally:
        print("main: cleanup")


asyncio.run(main())
