"""A loop that pauses in `select` on the wakeup socket stops as soon as the signal comes.

The byte stays in the socket, so a signal that comes between two pauses
ends the next one.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import select
import signal
import socket
import time
from threading import Timer

reader, writer = socket.socketpair()
writer.setblocking(False)


def stopped(pause: float) -> bool:
    return bool(select.select([reader], [], [], pause)[0])


signal.set_wakeup_fd(writer.fileno())
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: None)
Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
begin = time.monotonic()
while not stopped(pause=0):
    print("main: one round of work")
    if stopped(pause=60):
        break
soon = time.monotonic() - begin < 30
print("main: stopped before the pause was over:", soon)
