"""On Python 3.14.8 and 3.15.0, a daemon thread in `input()` at a terminal keeps the program alive."""

# /// script
# requires-python = ">=3.14"
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.0
# platforms = ["linux", "macos"]
# ///

import os
import sys
from threading import Thread

screen, terminal = os.openpty()
os.dup2(terminal, 0)
os.dup2(terminal, 1)  # input() reads a terminal if both are one

thread = Thread(target=input, daemon=True)
thread.start()
thread.join(timeout=0.2)  # let it get into the read
print("main: ends here", file=sys.stderr, flush=True)
