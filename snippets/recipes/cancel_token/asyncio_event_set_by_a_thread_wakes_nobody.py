"""An `asyncio.Event` set from a thread does not wake the loop that waits for it."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1
# ///

import asyncio
import threading
import time


async def main() -> None:
    stopping = asyncio.Event()

    def stop() -> None:
        time.sleep(0.3)  # let the loop fall asleep
        stopping.set()
        print("thread: is set:", stopping.is_set())

    threading.Thread(target=stop).start()
    await stopping.wait()
    print("main: never printed")


asyncio.run(main())
