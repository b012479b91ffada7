"""A second Ctrl-C breaks off the cleanup that the first one began."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: cleanup begins"
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def main() -> None:
    loop = asyncio.get_running_loop()
    try:
        loop.call_soon(signal.raise_signal, signal.SIGINT)
        await asyncio.Event().wait()
    finally:
        print("main: cleanup begins")
        loop.call_soon(signal.raise_signal, signal.SIGINT)
        await asyncio.sleep(1)
        print("main: cleanup is done, never printed")


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
