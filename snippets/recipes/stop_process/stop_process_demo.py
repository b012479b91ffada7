"""`stop_process` lets a process tidy up, kills one that refuses, and returns the exit code."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import signal
import sys
import time
from multiprocessing.synchronize import Event

from stop_process import stop_process


def polite(ready: Event) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        ready.set()
        while True:
            # A signal just before a long sleep would wait for it.
            time.sleep(0.05)
    finally:
        print("polite: tidied up", flush=True)


def stubborn(ready: Event) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready.set()
    time.sleep(3600)


def stop(process: mp.Process, ready: Event, grace: float) -> None:
    process.start()
    ready.wait()
    code = stop_process(process, grace=grace)
    print("main: exit code", code)


if __name__ == "__main__":
    for work, grace in ((polite, 60), (stubborn, 0.2)):
        ready = mp.Event()
        process = mp.Process(target=work, args=(ready,))
        stop(process, ready, grace)
