"""A handler that logs through `QueueHandler` deadlocks if it interrupts `put()` of that queue.

The queue here sends the signal while `put` holds the lock.
"""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import logging
import signal
from logging.handlers import QueueHandler
from queue import Queue


class Interrupted(Queue[logging.LogRecord]):
    def _put(self, item: logging.LogRecord) -> None:
        print("main: logging, SIGTERM arrives", flush=True)
        signal.raise_signal(signal.SIGTERM)
        super()._put(item)


logging.basicConfig(handlers=[QueueHandler(Interrupted())])
signal.signal(
    signal.SIGTERM, lambda *_: logging.warning("stopping")
)
logging.warning("working")
print("main: never printed")
