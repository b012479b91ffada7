"""A running timer keeps the program alive until its function has returned.

Unless the timer is cancelled, or `daemon` was set before its start.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

from threading import Timer


def too_slow() -> None:
    print("timer: this takes too long")


Timer(60, too_slow).start()
print("main: the work is done, nothing left to do")
