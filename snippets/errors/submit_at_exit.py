"""After the main thread has ended, a thread pool refuses a call that comes from `atexit`."""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "RuntimeError: cannot schedule new futures after interpreter shutdown"
# masked = ["(Error|Exception ignored) in atexit.*"]
# ///

import atexit
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor()


@atexit.register
def save() -> None:
    pool.submit(print, "never printed")


print("main: ends")
