"""Ctrl-C can skip the `except` around a loop that spins; which loop depends on the version.

3.8.18 to 3.10.13 skip none of them. A `finally` around the loop is
skipped likewise. The signal of a timer stands for Ctrl-C here: both
run the same handler.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import signal
from typing import Callable


class Job:
    stopped = False


def continue_then_break(job: Job) -> None:
    try:
        while True:
            if not job.stopped:
                continue
            break
    except KeyboardInterrupt:
        print("  the loop's own except")


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
for loop in continue_then_break, test_in_the_head, test_in_the_body:
    interrupted(loop)
