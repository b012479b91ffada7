"""`dump_traceback_later(exit=True)` ends a program that is stuck in C code.

A thread of C code prints where each thread is, then ends the process
with status 1, without `finally` and `atexit`.
"""

# /// script
# [tool.pleasestop]
# browser = "threads"
# exit = 1
# masked = ['0x[0-9a-f]+( \[[^\]]*\])?', 'File ".*"']
# ///

import faulthandler
from collections import deque
from itertools import repeat

faulthandler.dump_traceback_later(0.3, exit=True)
print("main: calls C code", flush=True)
try:
    deque(repeat(1), maxlen=0)  # consumes an endless iterator
finally:
    print("main: never printed")
