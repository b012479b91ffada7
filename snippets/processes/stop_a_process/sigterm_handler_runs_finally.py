"""If the SIGTERM handler calls `sys.exit`, a terminated child runs `finally`."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import atexit
import multiprocessing as mp
import signal
import sys
import time
from multiprocessing.synchronize import Event


def work(ready: Event) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    atexit.register(print, "child: atexit")
    try:
        print("child: working")
        ready.set()
        while True:
            # Short sleeps: a handler for a signal that comes just
            # before a sleep runs only after it.
            time.sleep(0.1)
    finally:
        print("child: finally")


if __name__ == "__main__":
    ready = mp.Event()
    process = mp.Process(target=work, args=(ready,))
    process.start()
    ready.wait()
    process.terminate()
    process.join()
    print("main: exit code", process.exitcode)
