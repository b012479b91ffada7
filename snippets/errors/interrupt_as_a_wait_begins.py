"""Ctrl-C just after a `Condition` has released its lock comes out as `RuntimeError: release unlocked lock`.

`Event.wait` and `Queue.get` wait by a Condition. The lock here sends the signal at that moment.
"""

import signal
import threading
from typing import Any


class Interrupting:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.acquire = self._lock.acquire
        self.locked = self._lock.locked

    def release(self) -> None:
        self._lock.release()
        signal.raise_signal(signal.SIGINT)  # Ctrl-C comes now

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


lock: Any = Interrupting()
condition = threading.Condition(lock)
try:
    with condition:
        condition.wait()
except KeyboardInterrupt:
    print("main: Ctrl-C")
except RuntimeError as error:
    print("main: RuntimeError:", error)
    print("main: it came after", repr(error.__context__))
