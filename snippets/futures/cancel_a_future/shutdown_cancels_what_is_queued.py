"""`shutdown(cancel_futures=True)` cancels queued calls; running calls finish."""

# /// script
# requires-python = ">=3.9"
# ///

from concurrent.futures import ThreadPoolExecutor
from threading import Event

begun = Event()
go_on = Event()


def work() -> str:
    begun.set()
    go_on.wait()
    return "finished"


pool = ThreadPoolExecutor(max_workers=1)
running = pool.submit(work)
queued = [pool.submit(work) for _ in range(3)]
begun.wait()
pool.shutdown(wait=False, cancel_futures=True)
print("queued: cancelled:", [call.cancelled() for call in queued])
print("running: done:", running.done())
go_on.set()
print("running: result:", running.result())
