"""A second Ctrl-C breaks off the `await` in the cleanup that the first one began.

`main` sends both signals, the second while the cleanup waits.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: cleanup begins"
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def serve() -> None:
    try:
        await asyncio.Event().wait()
    finally:
        print("main: cleanup begins")
        await asyncio.sleep(1)
        print("main: cleanup is done, never printed")


async def main() -> None:  # presses Ctrl-C twice; do not copy
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGINT)
    loop.call_later(0.1, signal.raise_signal, signal.SIGINT)
    await serve()


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
