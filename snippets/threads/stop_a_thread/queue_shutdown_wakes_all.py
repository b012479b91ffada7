"""`Queue.shutdown()` wakes every thread that is blocked in `get()`."""

# /// script
# requires-python = ">=3.13"
# ///

from queue import Queue, ShutDown
from threading import Thread

jobs: "Queue[str]" = Queue()


def work() -> None:
    try:
        while True:
            print("worker: did", jobs.get())
    except ShutDown:
        pass  # shut down, and the queue is empty


jobs.put("the only job")
threads = [Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
jobs.shutdown()
for thread in threads:
    thread.join()
print("main: all three have ended")
