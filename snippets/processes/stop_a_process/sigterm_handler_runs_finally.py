"""With a SIGTERM handler that calls `sys.exit`, `terminate()` runs `finally`."""

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
            time.sleep(
                0.1
            )  # not long: a signal may come just before
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
