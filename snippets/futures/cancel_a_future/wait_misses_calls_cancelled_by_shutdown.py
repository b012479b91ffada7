"""`wait` never counts a call as done that `shutdown` of its pool has cancelled.

`as_completed` does not yield it either. Pass only futures that are not
`cancelled()`.
"""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "wait: done: 0 not done: 1"
# ///

from concurrent import futures
from threading import Event

begun = Event()
go_on = Event()


def work() -> None:
    begun.set()
    go_on.wait()


pool = futures.ThreadPoolExecutor(max_workers=1)
running = pool.submit(work)
queued = pool.submit(work)
begun.wait()
pool.shutdown(wait=False, cancel_futures=True)
go_on.set()
pool.shutdown()  # waits until all threads have ended
print("queued is cancelled:", queued.cancelled())
done, not_done = futures.wait([queued], timeout=0.1)
print("wait: done:", len(done), "not done:", len(not_done))
try:
    list(futures.as_completed([queued], timeout=0.1))
except futures.TimeoutError:
    print("as_completed: waited in vain")
