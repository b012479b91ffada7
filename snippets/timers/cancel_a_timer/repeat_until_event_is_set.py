"""A thread that waits on an `Event` between two ticks repeats until the event is set."""

from threading import Event, Thread

stopping = Event()
ticked = Event()


def repeat() -> None:
    while not stopping.wait(timeout=0.05):
        ticked.set()
    print("thread: no more ticks")


thread = Thread(target=repeat)
thread.start()
ticked.wait()
print("main: it ticks")
stopping.set()
thread.join()
