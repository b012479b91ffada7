"""A handler that sets a `multiprocessing.Event` hangs while its own process waits for that event.

`set` waits until each waiting process has woken up. The process that
waits is the one that the handler interrupted.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import os
import signal
from threading import Timer

if __name__ == "__main__":
    stopping = mp.Event()

    def handle(*_: object) -> None:
        print("handler: begins", flush=True)
        stopping.set()
        print("handler: never printed")

    signal.signal(signal.SIGTERM, handle)
    send = Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM))
    send.start()
    stopping.wait()
    print("main: never printed")
