"""A thread that waits on an `Event` stops as soon as the event is set.

`wait` is told to last a minute. It returns True the moment another
thread calls `set`, so the loop ends, and `join` returns.
"""

from threading import Event, Thread

stopping = Event()


def work() -> None:
    while not stopping.wait(timeout=60):
        print("worker: another round")
    print("worker: asked to stop, tidying up")


thread = Thread(target=work)
thread.start()
print("main: please stop")
stopping.set()
thread.join()
print("main: the thread has ended")
