"""A thread that waits for a lock sees an event if `acquire` has a timeout."""

from threading import Event, Lock, Thread

lock = Lock()
stopping = Event()


def work() -> None:
    while not stopping.is_set():
        if lock.acquire(timeout=0.05):
            lock.release()
            return
    print("worker: stopped without the lock")


with lock:  # held for as long as the thread lives
    thread = Thread(target=work)
    thread.start()
    stopping.set()
    thread.join()
print("main: the thread has ended")
