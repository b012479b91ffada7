"""`print(flush=True)` in a handler raises RuntimeError if the handler interrupts a write to the same stream.

The main thread blocks in a `print` to a pipe that is full.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "reentrant call"
# platforms = ["linux", "macos"]
# ///

import os
import select
import signal
from threading import Thread

reading, writing = os.pipe()
output = os.fdopen(writing, "w")


def handle(*_: object) -> None:
    print("handler: stopping", file=output, flush=True)


def send() -> None:  # when the pipe is full; do not copy
    while select.select([], [writing], [], 0)[1]:
        pass
    os.kill(os.getpid(), signal.SIGTERM)


signal.signal(signal.SIGTERM, handle)
Thread(target=send).start()
try:
    print("x" * 1_000_000, file=output)
except RuntimeError as error:
    message = str(error).split(" inside")[0]
    print("main: print raised:", message, flush=True)
os._exit(0)  # the rest of the text fits into no pipe
