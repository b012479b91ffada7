"""`shutdown(cancel_futures=True)` hangs if a call then turns out to be unpicklable.

A thread of the pool pickles the calls. This argument fails to be pickled
when the shutdown has begun; a lambda fails whenever its turn comes.
"""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.0
# ///

import threading
from concurrent.futures import ProcessPoolExecutor

shutting_down = threading.Event()


class Unpicklable:
    def __reduce__(self) -> str:
        shutting_down.wait()
        raise TypeError("cannot pickle this")


if __name__ == "__main__":
    pool = ProcessPoolExecutor(max_workers=1)
    calls = [pool.submit(print, Unpicklable()) for _ in range(3)]
    threading.Timer(0.3, shutting_down.set).start()
    print("main: shut the pool down")
    pool.shutdown(cancel_futures=True)
    print("main: never printed")
