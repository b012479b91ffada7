"""Ctrl-C cancels `to_thread(input)`, but `asyncio.run` waits for the thread that reads."""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import asyncio
import os
import signal

os.dup2(os.pipe()[0], 0)  # stands for a terminal


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.call_later(0.2, signal.raise_signal, signal.SIGINT)
    try:
        print("main: answer", await asyncio.to_thread(input))
    except asyncio.CancelledError:
        print("main: cancelled", flush=True)
        raise


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("main: never printed")
