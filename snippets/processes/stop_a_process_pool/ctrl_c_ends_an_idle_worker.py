"""An idle worker that gets Ctrl-C prints a traceback and exits; the pool is then broken.

A worker that runs a call does not exit: KeyboardInterrupt becomes the
result of that call, and the worker takes the next one.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: next call: BrokenProcessPool"
# platforms = ["linux", "macos"]
# masked = ["Process \\w+-1"]
# ///

import contextlib
import multiprocessing as mp
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def interrupt_yourself() -> None:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)


if __name__ == "__main__":
    pool = ProcessPoolExecutor(max_workers=1)
    error = pool.submit(interrupt_yourself).exception()
    print("main: call that ran:", type(error).__name__)
    print("main: next call:", pool.submit(abs, -1).result())
    (worker,) = mp.active_children()
    time.sleep(0.5)  # the worker waits for a call again
    while worker.is_alive() and worker.pid:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGINT)  # as Ctrl-C would
        worker.join(timeout=4)
    try:
        pool.submit(abs, -1).result()
    except BrokenProcessPool as broken:
        print("main: next call:", type(broken).__name__)
    pool.shutdown()
