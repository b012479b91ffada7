"""A sentinel in a `Queue` stops the thread that takes it, after earlier jobs."""

from queue import Queue
from threading import Thread

jobs: "Queue[str | None]" = Queue()


def work() -> None:
    while (job := jobs.get()) is not None:
        print("worker: did", job)
    print("worker: no more jobs")


thread = Thread(target=work)
thread.start()
jobs.put("the first")
jobs.put("the second")
jobs.put(None)  # one for each thread that reads the queue
thread.join()
print("main: the thread has ended")
