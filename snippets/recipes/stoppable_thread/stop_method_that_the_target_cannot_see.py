"""A `stop()` that sets a flag inside the thread object never reaches its target.

The class is the one that is copied most. Only a `run` of a subclass
would look at `stopped`; a target knows nothing of the flag.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import threading
import time
from typing import Callable


class StoppableThread(threading.Thread):
    def __init__(self, target: Callable[[], None]) -> None:
        super().__init__(target=target)
        self._stop_event = threading.Event()

    def stop(self) -> None:
        self._stop_event.set()

    def stopped(self) -> bool:
        return self._stop_event.is_set()


asleep = threading.Event()


def work() -> None:
    print("worker: waiting for the next round")
    while True:
        asleep.set()
        time.sleep(60)


thread = StoppableThread(work)
thread.start()
asleep.wait()
thread.stop()
print("main: stopped:", thread.stopped())
thread.join()
print("main: never printed")
