"""After SIGTERM, `graceful` lets the cleanup finish and returns 143, which is 128 + 15."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal

from graceful import graceful


async def main() -> None:
    loop = asyncio.get_running_loop()
    # as `kill` or a container would
    loop.call_soon(signal.raise_signal, signal.SIGTERM)
    print("main: working")
    try:
        await asyncio.sleep(3600)
    finally:
        print("main: closing")
        await asyncio.sleep(0.1)
        print("main: closed")


print("exit status:", graceful(main(), grace=5))
