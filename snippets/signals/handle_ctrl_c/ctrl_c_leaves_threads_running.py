"""Ctrl-C ends the main thread only; the program waits for the others."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import signal
from threading import Event, Thread

stopping = Event()

Thread(target=stopping.wait).start()
try:
    signal.raise_signal(signal.SIGINT)  # as Ctrl-C would
except KeyboardInterrupt:
    print("main: KeyboardInterrupt, goodbye")
