"""A handler of `add_signal_handler` runs in the loop, so it does not interrupt code that holds a lock.

It waits until the running task reaches an `await` that suspends. `main`
sends the signal.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal
from threading import Lock

lock = Lock()


async def main() -> None:
    stopping = asyncio.Event()

    def handle() -> None:
        with lock:
            print("handler: has the lock")
        stopping.set()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, handle)
    with lock:
        signal.raise_signal(signal.SIGTERM)
        print("main: lets go of the lock")
    await stopping.wait()
    print("main: cleaning up")


asyncio.run(main())
