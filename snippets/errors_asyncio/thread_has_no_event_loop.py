"""In a thread without an event loop, other than the main thread, `get_event_loop()` raises RuntimeError."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "There is no current event loop in thread 'worker'"
# ///

import asyncio
from threading import Thread


def work() -> None:
    asyncio.get_event_loop()


thread = Thread(target=work, name="worker")
thread.start()
thread.join()
