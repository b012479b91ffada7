"""Injecting an exception into a thread does not interrupt its blocking call.

The interpreter raises the exception when the thread executes bytecode
again. Here the call is a write of more than a pipe holds; its first
byte proves that the thread is inside the call.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "still alive: True"
# ///

import ctypes
import os
from threading import Thread

SIZE = 1_000_000  # more than a pipe holds
reading, writing = os.pipe()


def work() -> None:
    try:
        os.write(writing, bytes(SIZE))
        print("worker: the call was not cut short")
    except SystemExit:
        print("worker: SystemExit after the call")


thread = Thread(target=work)
thread.start()
left = SIZE - len(os.read(reading, 1))  # it is in its call now
ident = ctypes.c_ulong(thread.ident or 0)
inject = ctypes.pythonapi.PyThreadState_SetAsyncExc
print(
    "injected into",
    inject(ident, ctypes.py_object(SystemExit)),
    "thread",
)
thread.join(timeout=0.2)
print("main: still alive:", thread.is_alive())
while left:
    left -= len(os.read(reading, left))  # lets the call return
thread.join()
