"""A program that blocks its signals in all threads can fetch them with `sigwait`, without a handler.

A thread inherits the mask of the thread that starts it. `work` sends
the signal here.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
from threading import Event, Thread

SIGNALS = {signal.SIGINT, signal.SIGTERM}
stopping = Event()


def work() -> None:
    os.kill(os.getpid(), signal.SIGTERM)  # do not copy
    stopping.wait()
    print("worker: cleaning up")


signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
Thread(target=work).start()
number = signal.sigwait(SIGNALS)
print("main: got", signal.Signals(number).name)
stopping.set()
