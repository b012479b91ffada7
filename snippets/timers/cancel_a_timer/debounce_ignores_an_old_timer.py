"""A timer that finds a newer one in its place drops its call, so no cancel is too late.

The lock makes `saw` and `search` take turns. `Demo` holds the first timer
back after it has fired, so that its `cancel()` comes too late.
"""

from threading import Event, Lock, Timer, current_thread
from typing import Optional


class Debounce:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.lock = Lock()
        self.timer: Optional[Timer] = None

    def saw(self, key: str) -> None:
        with self.lock:
            if self.timer is not None:
                self.timer.cancel()
            self.timer = Timer(self.seconds, self.search, [key])
            self.timer.start()

    def search(self, key: str) -> None:
        with self.lock:
            if current_thread() is not self.timer:
                return  # a newer key has come
        print("search for", key)


class Demo(Debounce):  # do not copy
    def search(self, key: str) -> None:
        if key == "ca":
            fired.set()
            go_on.wait()
        super().search(key)


fired, go_on = Event(), Event()
typing = Demo(seconds=0)
typing.saw("ca")
fired.wait()
print("main: the timer of 'ca' has fired")
typing.saw("cat")
go_on.set()
