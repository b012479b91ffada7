"""On Ctrl-C, set the event that the threads wait for, then join them.

The main thread waits for an event, not in `join()`: seen on Python 3.9.18
to 3.12.1, a `join()` that Ctrl-C interrupts marks a running thread as
ended. `press_ctrl_c` sends the signal.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
from threading import Event, Thread

stopping, ended = Event(), Event()


def work() -> None:
    stopping.wait()
    print("worker: cleaning up")
    ended.set()


def main() -> None:
    worker = Thread(target=work)
    try:
        worker.start()
        ended.wait()
    except KeyboardInterrupt:
        stopping.set()
    worker.join()
    print("main: the worker has ended")


def press_ctrl_c() -> None:  # do not copy
    while not stopping.wait(timeout=0.5):
        os.kill(os.getpid(), signal.SIGINT)


Thread(target=press_ctrl_c).start()
main()
