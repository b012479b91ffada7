"""`Process.interrupt()` raises `KeyboardInterrupt` in the child; `finally` runs."""

# /// script
# requires-python = ">=3.14"
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import time
from multiprocessing.synchronize import Event


def work(ready: Event) -> None:
    try:
        ready.set()
        while True:
            # Short sleeps: a handler for a signal that comes just
            # before a sleep runs only after it.
            time.sleep(0.1)
    except KeyboardInterrupt:
        print("child: KeyboardInterrupt")
    finally:
        print("child: finally")


if __name__ == "__main__":
    ready = mp.Event()
    process = mp.Process(target=work, args=(ready,))
    process.start()
    ready.wait()
    process.interrupt()
    process.join()
    print("main: exit code", process.exitcode)
