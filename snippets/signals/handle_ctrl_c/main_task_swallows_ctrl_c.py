"""Seen on Python 3.11.7 and newer: a main task that swallows Ctrl-C hides it from `run`.

Ctrl-C arrives there as CancelledError. `main` sends the signal once
`serve` waits.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: never mind"
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def serve() -> None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("main: never mind")


async def main() -> None:  # presses Ctrl-C; do not copy
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGINT)
    await serve()


try:
    asyncio.run(main())
    print("run returned as if nothing had happened")
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
