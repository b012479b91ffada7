"""`RepeatingTimer` calls again after a call that failed, and leaving its block waits for the call in progress."""

import threading
from typing import List

from repeating_timer import RepeatingTimer

saving, go_on = threading.Event(), threading.Event()
calls: List[int] = []


def save() -> None:
    calls.append(1)
    print("timer: call", len(calls))
    if len(calls) == 1:
        raise OSError("disk full")
    saving.set()
    go_on.wait()
    print("timer: saved")


threading.excepthook = lambda args: print("report:", args.exc_value)
with RepeatingTimer(0.05, save) as timer:
    saving.wait()
    print("main: stopped in time:", timer.stop(timeout=0.1))
    go_on.set()
print("main: stopped:", timer.stop())
