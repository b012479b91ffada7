"""A handler that calls `Event.set()` deadlocks if it interrupts `wait()` of the same event in its locked part.

`wait` holds the lock of the event before and after it sleeps, and `set`
takes the same lock. `interrupt` makes the moment certain: it sends the
signal while `wait` holds the lock.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import signal
import sys
from threading import Event
from types import FrameType
from typing import Any

stopping = Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())


def interrupt(frame: FrameType, *_: object) -> Any:
    inside = frame.f_code is Event.wait.__code__
    if inside and "signaled" in frame.f_locals:
        sys.settrace(None)
        print("main: in wait(), SIGTERM arrives")
        signal.raise_signal(signal.SIGTERM)
    return interrupt


sys.settrace(interrupt)
stopping.wait(timeout=60)
print("main: never printed")
