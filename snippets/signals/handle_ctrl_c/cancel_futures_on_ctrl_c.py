"""`shutdown(cancel_futures=True)` on Ctrl-C drops the queued jobs.

The running job has to be stopped by an event. `press_ctrl_c` sends the
signal while `main` waits for the jobs.
"""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event, Thread

stopping = Event()


def work(number: int) -> None:
    stopping.wait()
    print("worker: stopped in job", number)


def main() -> None:
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        wait([pool.submit(work, number) for number in (1, 2, 3)])
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        print("main: dropped the queued jobs")
        stopping.set()
    pool.shutdown()  # waits for the running job
    print("main: the pool has ended")


def press_ctrl_c() -> None:  # do not copy
    while not stopping.wait(timeout=0.5):
        os.kill(os.getpid(), signal.SIGINT)


Thread(target=press_ctrl_c).start()
main()
