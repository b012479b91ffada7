"""A thread that waits on an `Event` wakes up as soon as the event is set.

`wait` has a timeout of one minute. It returns True as soon as another
thread calls `set`, so the loop ends, and `join` returns.
"""

from threading import Event, Thread

stopping = Event()


def work() -> None:
    while not stopping.wait(timeout=60):
        print("worker: another round")
    print("worker: stopping, cleaning up")


thread = Thread(target=work)
thread.start()
print("main: please stop")
stopping.set()
thread.join()
print("main: the thread has ended")
