"""`join(timeout)` returns None, and the thread runs on; check `is_alive()`."""

from threading import Event, Thread

stopping = Event()

thread = Thread(target=stopping.wait)
thread.start()
print("join returned", thread.join(timeout=0.05))
print("alive:", thread.is_alive())

stopping.set()
thread.join()
print("alive:", thread.is_alive())
