"""On Ctrl-C, set the event that the threads wait for, and join them."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import signal
from threading import Event, Thread

stopping = Event()


def work() -> None:
    stopping.wait()
    print("worker: tidying up")


thread = Thread(target=work)
thread.start()
try:
    signal.raise_signal(signal.SIGINT)  # as Ctrl-C would
    thread.join()
except KeyboardInterrupt:
    print("main: KeyboardInterrupt, please stop")
    stopping.set()
    thread.join()
print("main: all have ended")
