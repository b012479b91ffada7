"""`shutdown(cancel_futures=True)` on Ctrl-C drops the queued jobs."""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import signal
from concurrent.futures import ThreadPoolExecutor
from threading import Event

running, interrupted = Event(), Event()


def work(number: int) -> None:
    running.set()
    interrupted.wait()
    print("worker: did job", number)


pool = ThreadPoolExecutor(max_workers=1)
try:
    for number in (1, 2, 3):
        pool.submit(work, number)
    running.wait()
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    pool.shutdown(wait=False, cancel_futures=True)
    print("main: dropped what was queued")
    interrupted.set()
pool.shutdown()  # waits for the job that was running
print("main: all have ended")
