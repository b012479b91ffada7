"""A thread that waits for stdin and a pipe with `select` stops when the pipe is written to.

`select` returns as soon as one of the two can be read. The read that
follows then does not block.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import select
from threading import Thread

os.dup2(os.pipe()[0], 0)  # stands for a terminal
woken, wake = os.pipe()


def listen() -> None:
    while woken not in select.select([0, woken], [], [])[0]:
        if not (data := os.read(0, 1000)):
            break  # the end of the input
        print("listener: read", data)
    print("listener: stops")


thread = Thread(target=listen)
thread.start()
os.write(wake, b"stop")
thread.join()
