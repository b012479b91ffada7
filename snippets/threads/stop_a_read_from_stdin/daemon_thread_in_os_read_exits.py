"""A daemon thread that reads with `os.read` does not disturb the exit.

`os.read` does not use the buffer and the lock of `sys.stdin`.
"""

# /// script
# [tool.pleasestop]
# leaves = ["thread"]
# platforms = ["linux", "macos"]
# ///

import os
from threading import Event, Thread

silent, typist = os.pipe()
os.dup2(silent, 0)  # stands for a terminal
about_to_read = Event()


def listen() -> None:
    about_to_read.set()
    while data := os.read(0, 1000):
        print("listener: read", data)


thread = Thread(target=listen, daemon=True)
thread.start()
about_to_read.wait()
thread.join(timeout=0.2)  # let it get into the read
print("main: ends here")
