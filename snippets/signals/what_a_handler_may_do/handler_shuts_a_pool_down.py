"""A handler that calls `shutdown()` deadlocks if it interrupts `submit()` of that pool.

Both take the lock of the pool. `interrupt` sends the signal while
`submit` holds the lock.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any

pool = ThreadPoolExecutor()
signal.signal(signal.SIGTERM, lambda *_: pool.shutdown(wait=False))


def interrupt(frame: FrameType, *_: object) -> Any:
    inside = frame.f_code is ThreadPoolExecutor.submit.__code__
    if inside and "f" in frame.f_locals:
        sys.settrace(None)
        print("main: in submit(), SIGTERM arrives", flush=True)
        signal.raise_signal(signal.SIGTERM)
    return interrupt


sys.settrace(interrupt)
pool.submit(print, "job: never printed")
print("main: never printed")
