"""`result(timeout)` does not stop the call, and the `with` block waits for it."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "job: worked to the end"
# ///

import time
from concurrent import futures
from threading import Event

gave_up = Event()


def work() -> None:
    gave_up.wait()
    time.sleep(0.5)  # work that takes long
    print("job: worked to the end")


with futures.ThreadPoolExecutor() as pool:
    future = pool.submit(work)
    try:
        future.result(timeout=0.1)
    except futures.TimeoutError:
        print("main: no answer in time")
        gave_up.set()
print("main: left the pool")
