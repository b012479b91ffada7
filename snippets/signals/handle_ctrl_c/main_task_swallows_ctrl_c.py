"""Since Python 3.11, a main task that swallows its cancellation hides Ctrl-C from `run`."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: never mind"
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def main() -> None:
    try:
        asyncio.get_running_loop().call_soon(
            signal.raise_signal, signal.SIGINT
        )
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("main: never mind")


try:
    asyncio.run(main())
    print("run returned as if nothing had happened")
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
