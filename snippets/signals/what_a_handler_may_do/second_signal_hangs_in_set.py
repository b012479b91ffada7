"""A second signal that interrupts `Event.set()` in a handler deadlocks, although only another thread waits for the event.

The handler of the second signal runs inside that of the first, which
holds the lock of the event. `interrupt` makes the moment certain.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import signal
import sys
from threading import Event, Thread
from types import FrameType
from typing import Any

stopping = Event()


def handle(*_: object) -> None:
    print("handler: begins", flush=True)
    stopping.set()
    print("handler: never printed")


def interrupt(frame: FrameType, *_: object) -> Any:
    if frame.f_code is Event.set.__code__ and stopping.is_set():
        sys.settrace(None)
        signal.raise_signal(signal.SIGTERM)  # the second one
    return interrupt


signal.signal(signal.SIGTERM, handle)
Thread(target=stopping.wait, daemon=True).start()
sys.settrace(interrupt)
signal.raise_signal(signal.SIGTERM)
