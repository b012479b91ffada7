"""A signal handler that raises ends `input()` in the main thread.

So do Ctrl-C, whose handler raises KeyboardInterrupt, and Ctrl-D at the
beginning of a line, which makes `input()` raise EOFError.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal

silent, typist = os.pipe()
os.dup2(silent, 0)  # stands for a terminal


def ring(*_: object) -> None:
    raise TimeoutError("no answer in time")


signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.2)
try:
    print("main: answer", input())
except TimeoutError as error:
    print("main:", error)
finally:
    signal.setitimer(signal.ITIMER_REAL, 0)
