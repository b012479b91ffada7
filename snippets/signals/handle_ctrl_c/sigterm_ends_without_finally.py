"""SIGTERM ends a Python program on the spot; no `finally` runs."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = -15
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def main() -> None:
    try:
        print("main: working")
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(60)
    finally:
        print("main: tidying up, never printed")


asyncio.run(main())
