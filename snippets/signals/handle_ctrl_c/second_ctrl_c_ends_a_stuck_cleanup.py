"""After `remove_signal_handler`, the next Ctrl-C raises KeyboardInterrupt."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def main() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stopping.set)
    signal.raise_signal(signal.SIGINT)
    await stopping.wait()
    loop.remove_signal_handler(signal.SIGINT)
    print("main: cleanup begins, and is stuck")
    loop.call_soon(signal.raise_signal, signal.SIGINT)
    await asyncio.sleep(60)


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
