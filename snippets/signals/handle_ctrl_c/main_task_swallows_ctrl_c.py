"""Seen on Python 3.11.7 and newer: a main task that swallows Ctrl-C hides it from `run`.

Ctrl-C arrives there as CancelledError. `demo` sends the signal once
`main` waits.
"""

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
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("main: never mind")


async def demo() -> None:  # presses Ctrl-C; do not copy
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGINT)
    await main()


try:
    asyncio.run(demo())
    print("run returned as if nothing had happened")
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
