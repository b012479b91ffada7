"""Since Python 3.14, a child process on Linux does not inherit the handler of its parent's main block.

Up to 3.13 the child was forked from its parent, handlers included.
Since 3.14 it comes from a server process, and SIGTERM kills it
without its `finally`.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux"]
# ///

import multiprocessing as mp
import signal
import sys
import time
from multiprocessing.synchronize import Event


def work(ready: Event) -> None:
    try:
        ready.set()
        while True:
            time.sleep(
                0.1
            )  # not long: a signal may come just before
    finally:
        print("child: finally")


if __name__ == "__main__":
    print("main: start method:", mp.get_start_method())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    ready = mp.Event()
    process = mp.Process(target=work, args=(ready,))
    process.start()
    ready.wait()
    process.terminate()
    process.join()
    print("main: exit code", process.exitcode)
