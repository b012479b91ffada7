"""A thread that reads a queue sees an event if `get` has a timeout."""

from queue import Empty, Queue
from threading import Event, Thread

jobs: "Queue[str]" = Queue()
stopping = Event()


def work() -> None:
    while not stopping.is_set():
        try:
            job = jobs.get(timeout=0.05)
        except Empty:
            continue  # check the event again
        print("worker: did", job)
        jobs.task_done()


threads = [Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
jobs.put("the only job")
jobs.join()  # waits until the job is done
stopping.set()
for thread in threads:
    thread.join()
print("main: all three have ended")
