"""A signal that comes just before a sleep is handled when the sleep is over; the wakeup socket ends its wait at once.

`back_to_back` makes two calls without a bytecode between them: the
signal arrives, and the wait begins.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import ctypes
import select
import signal
import socket
import time
from functools import partial
from operator import methodcaller
from typing import Callable

send = partial(ctypes.CDLL(None)["raise"], int(signal.SIGTERM))


def back_to_back(
    wait: Callable[[float], object], pause: float
) -> None:
    over = time.monotonic() + pause

    def handle(*_: object) -> None:
        print("handler: wait is over:", time.monotonic() >= over)

    signal.signal(signal.SIGTERM, handle)
    calls = (send, partial(wait, pause))
    list(map(methodcaller("__call__"), calls))


print("main: signal, then sleep")
back_to_back(time.sleep, 0.5)
reader, writer = socket.socketpair()
writer.setblocking(False)
signal.set_wakeup_fd(writer.fileno())
print("main: signal, then select")
back_to_back(partial(select.select, [reader], [], []), 30)
