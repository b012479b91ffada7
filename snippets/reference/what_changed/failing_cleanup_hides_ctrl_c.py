"""Since Python 3.11, an error in the main task's cleanup comes out of `run` in place of KeyboardInterrupt.

Up to 3.10 `asyncio.run` raised KeyboardInterrupt, and the event loop
reported the error.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(
        lambda _, context: print("loop:", context["message"])
    )
    loop.call_soon(signal.raise_signal, signal.SIGINT)
    try:
        await asyncio.Event().wait()
    finally:
        raise OSError("disk full")


try:
    asyncio.run(main())
except (KeyboardInterrupt, OSError) as error:
    print("run raised", repr(error))
