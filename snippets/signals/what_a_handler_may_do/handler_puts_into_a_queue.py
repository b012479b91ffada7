"""A handler that calls `put()` of a `queue.Queue` deadlocks if it interrupts `put()` or `get()` in the locked part.

`put` compares the jobs while it holds the lock of the queue, so a
comparison that sends the signal makes the moment certain.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import signal
from queue import PriorityQueue


class Job:
    def __lt__(self, other: "Job") -> bool:
        print("main: in put(), SIGTERM arrives", flush=True)
        signal.raise_signal(signal.SIGTERM)
        return True


jobs: "PriorityQueue[Job]" = PriorityQueue()
signal.signal(signal.SIGTERM, lambda *_: jobs.put(Job()))
jobs.put(Job())
jobs.put(Job())
print("main: never printed")
