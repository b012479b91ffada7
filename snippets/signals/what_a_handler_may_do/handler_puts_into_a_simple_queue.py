"""A handler may call `SimpleQueue.put()` while the main thread waits in `get()`.

The documentation promises that `put` is reentrant. `get` has a timeout
because the handler for a signal that comes just before `get` sleeps runs
only after it.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
from queue import Empty, SimpleQueue
from threading import Timer

signals: "SimpleQueue[int]" = SimpleQueue()
signal.signal(signal.SIGTERM, lambda number, _: signals.put(number))


def wait_for_signal() -> int:
    while True:
        try:
            return signals.get(timeout=1)
        except Empty:
            pass  # a late handler runs before the next get


Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
print("main: got signal", wait_for_signal())
