"""After Ctrl-C in the main thread, the program waits for its other threads."""

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
