"""An alarm does not end a call of C code that does not check for signals.

Python runs the handler when the call returns. This one never returns,
so Ctrl-C does not end it, either.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import signal
from collections import deque
from itertools import repeat


def ring(*_: object) -> None:
    raise TimeoutError("never raised")


signal.signal(signal.SIGALRM, ring)
signal.setitimer(signal.ITIMER_REAL, 0.1)
print("main: calls C code with a limit of 0.1 s", flush=True)
deque(repeat(1), maxlen=0)  # consumes an endless iterator
print("main: never printed")
