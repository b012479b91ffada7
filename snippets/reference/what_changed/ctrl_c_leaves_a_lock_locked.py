"""On 3.13.0, 3.14.8 and 3.15.0, Ctrl-C leaves a lock locked that `with` holds around a spinning loop.

Which of the two loops is hit depends on the version; 3.8.18 to 3.12.1
release the lock in both. The signal of a timer stands for Ctrl-C
here: both run the same handler.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import signal
from threading import Lock
from typing import Callable


class Job:
    stopped = False


def test_in_the_head(job: Job, lock: Lock) -> None:
    with lock:
        while not job.stopped:
            pass


def test_in_the_body(job: Job, lock: Lock) -> None:
    with lock:
        while True:
            if job.stopped:
                break


def interrupted(loop: Callable[[Job, Lock], None]) -> None:
    lock = Lock()
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        loop(Job(), lock)
    except KeyboardInterrupt:
        state = "still locked" if lock.locked() else "released"
        print(f"{loop.__name__}: the lock is {state}")


signal.signal(signal.SIGALRM, signal.default_int_handler)
interrupted(test_in_the_head)
interrupted(test_in_the_body)
