"""A thread that checks an event between sleeps sees it only after its sleep.

Replace `time.sleep(pause)` with `stopping.wait(pause)`.
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
        time.sleep(1.5)  # the event does not end this
    print("worker: woke up, saw the event")


thread = Thread(target=work)
thread.start()
asleep.wait()
stopping.set()
thread.join(timeout=0.2)
print(f"main: still asleep: {thread.is_alive()}")
thread.join()
