"""On Python 3.11 and newer, the first Ctrl-C interrupts a coroutine only at its next await that suspends."""

# /// script
# requires-python = ">=3.11"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: third"
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def main() -> None:
    for chapter in ("first", "second", "third"):
        if chapter == "second":
            signal.raise_signal(signal.SIGINT)  # Ctrl-C
        print("main:", chapter)
    await asyncio.sleep(0)
    print("main: never printed")


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
