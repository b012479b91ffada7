"""An exception injected into a thread waits until the blocking call returns.

`PyThreadState_SetAsyncExc` is looked at between bytecodes only, and a
blocked thread executes none.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "still alive: True"
# ///

import ctypes
import time
from threading import Event, Thread

asleep = Event()


def work() -> None:
    try:
        asleep.set()
        time.sleep(1.5)
        print("worker: the sleep was not cut short")
    except SystemExit:
        print("worker: SystemExit after the sleep")


thread = Thread(target=work)
thread.start()
asleep.wait()
ident = ctypes.c_ulong(thread.ident or 0)
inject = ctypes.pythonapi.PyThreadState_SetAsyncExc
print(
    "injected into",
    inject(ident, ctypes.py_object(SystemExit)),
    "thread",
)
thread.join(timeout=0.2)
print("main: still alive:", thread.is_alive())
thread.join()
