"""`result()` of a call that was cancelled raises CancelledError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "CancelledError"
# ///

from concurrent.futures import ThreadPoolExecutor
from threading import Event

stopping = Event()
with ThreadPoolExecutor(1) as pool:
    pool.submit(stopping.wait)
    queued = pool.submit(print, "never printed")
    queued.cancel()
    stopping.set()
    queued.result()
