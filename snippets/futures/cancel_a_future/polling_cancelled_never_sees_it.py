"""A running job never sees True from `cancelled()` of its own future.

While the call runs, `cancel()` returns False and changes nothing in the
future. Give the job a `threading.Event` instead.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "job: future.cancelled() is False"
# ///

from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from threading import Event

mine: "Queue[Future[None]]" = Queue()
begun = Event()
asked = Event()


def work() -> None:
    future = mine.get()
    begun.set()
    asked.wait()
    print("job: future.cancelled() is", future.cancelled())


with ThreadPoolExecutor() as pool:
    future = pool.submit(work)
    mine.put(future)
    begun.wait()
    print("main: future.cancel() returned", future.cancel())
    asked.set()
print("main: once done, cancel() returned", future.cancel())
