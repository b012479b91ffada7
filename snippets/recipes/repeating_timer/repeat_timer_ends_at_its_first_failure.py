"""The `RepeatTimer` that is copied most never calls again after the first exception.

Its `cancel()` does not wait either: a call that runs goes on.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: it repeats: False"
# ///

import threading
from typing import List


class RepeatTimer(threading.Timer):
    def run(self) -> None:
        while not self.finished.wait(self.interval):
            self.function(*self.args, **self.kwargs)


calls: List[int] = []


def poll() -> None:
    calls.append(1)
    print("timer: call", len(calls))
    if len(calls) == 2:
        raise ConnectionError("no route to host")


threading.excepthook = lambda args: print("report:", args.exc_value)
timer = RepeatTimer(0.05, poll)
timer.start()
timer.join()  # nobody cancels it
print("main: it repeats:", timer.is_alive())
