"""A thread that computes stops when it next checks its event."""

from threading import Event, Thread

stopping = Event()
computing = Event()


def work() -> None:
    numbers = 0
    while not stopping.is_set():
        numbers += sum(range(1000))  # one piece of the work
        computing.set()
    print("worker: stopped between two pieces")


thread = Thread(target=work)
thread.start()
computing.wait()
stopping.set()
thread.join()
print("main: the thread has ended")
