"""After `remove_signal_handler`, the next Ctrl-C raises KeyboardInterrupt.

`press_again` sends the second signal when Python's own handler is back.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def serve() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, stopping.set)
    await stopping.wait()
    loop.remove_signal_handler(signal.SIGINT)
    print("main: cleanup begins, and hangs")
    await asyncio.sleep(60)


async def main() -> None:  # presses Ctrl-C twice; do not copy
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGINT)
    loop.call_soon(press_again)
    await serve()


def press_again() -> None:  # do not copy
    python = signal.default_int_handler
    if signal.getsignal(signal.SIGINT) is python:
        signal.raise_signal(signal.SIGINT)
    else:
        asyncio.get_running_loop().call_later(0.01, press_again)


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("run raised KeyboardInterrupt")
