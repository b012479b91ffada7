"""Setting an event does not wake a thread that is blocked in `queue.get()`."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

from queue import Queue
from threading import Event, Thread

jobs: "Queue[str]" = Queue()
waiting = Event()
stopping = Event()


def work() -> None:
    while not stopping.is_set():
        print("worker: waiting for a job")
        waiting.set()
        job = jobs.get()  # the event cannot be seen from in here
        print("worker: got", job)


thread = Thread(target=work)
thread.start()
waiting.wait()
stopping.set()
thread.join()
print("main: never printed")
