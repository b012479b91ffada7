"""From Python 3.13.0 on, Ctrl-C can skip the `except` around a tight loop.

Which loops depends on the version. `finally` is skipped likewise. The
signal of a timer stands for Ctrl-C here: both call the same handler.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import signal
from typing import Callable


class Job:
    stopped = False


def test_in_the_head(job: Job) -> None:
    try:
        while not job.stopped:
            pass
    except KeyboardInterrupt:
        print("  the loop's own except")


def test_in_the_body(job: Job) -> None:
    try:
        while True:
            if job.stopped:
                break
    except KeyboardInterrupt:
        print("  the loop's own except")


def interrupted(loop: Callable[[Job], None]) -> None:
    print(loop.__name__)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        loop(Job())
    except KeyboardInterrupt:
        print("  only the caller's except")


signal.signal(signal.SIGALRM, signal.default_int_handler)
interrupted(test_in_the_head)
interrupted(test_in_the_body)
