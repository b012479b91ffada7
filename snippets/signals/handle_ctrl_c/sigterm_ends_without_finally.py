"""Without a handler, SIGTERM ends a Python program and no `finally` runs.

Not so for process 1 of a container, where SIGTERM without a handler has
no effect. `main` sends the signal once `serve` waits.
"""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = -15
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal


async def serve() -> None:
    try:
        print("main: working")
        await asyncio.sleep(60)
    finally:
        print("main: cleaning up, never printed")


async def main() -> None:  # sends SIGTERM; do not copy
    loop = asyncio.get_running_loop()
    loop.call_soon(signal.raise_signal, signal.SIGTERM)
    await serve()


asyncio.run(main())
