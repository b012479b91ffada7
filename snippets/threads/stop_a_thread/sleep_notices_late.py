"""A thread that polls a flag between sleeps notices it only after the sleep.

Replace `time.sleep(pause)` by `stopping.wait(pause)`.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "still asleep: True"
# ///

import time
from threading import Event, Thread

stopping = Event()
asleep = Event()


def work() -> None:
    while not stopping.is_set():
        asleep.set()
        time.sleep(1.5)  # nothing can wake this
    print("worker: noticed at last")


thread = Thread(target=work)
thread.start()
asleep.wait()
stopping.set()
thread.join(timeout=0.2)
print(f"main: still asleep: {thread.is_alive()}")
thread.join()
