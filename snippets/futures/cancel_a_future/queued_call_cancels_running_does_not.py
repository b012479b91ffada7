"""`cancel()` drops a queued call and returns False for a running one.

The running call ends because it waits on an event that main sets.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

begun = Event()
stopping = Event()


def work() -> None:
    print("job: begun")
    begun.set()
    stopping.wait(timeout=60)


with ThreadPoolExecutor(max_workers=1) as pool:
    running = pool.submit(work)
    queued = pool.submit(work)
    begun.wait()
    print("queued.cancel() returned", queued.cancel())
    print("running.cancel() returned", running.cancel())
    stopping.set()
