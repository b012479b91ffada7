"""`loop.add_signal_handler` raises RuntimeError outside of the main thread."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "set_wakeup_fd only works in main thread"
# masked = ["main thread.*"]
# platforms = ["linux", "macos"]
# ///

import asyncio
import signal
from threading import Thread


async def main() -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, print)


def serve() -> None:
    asyncio.run(main())


thread = Thread(target=serve, name="worker")
thread.start()
thread.join()
