"""`stop_process` lets a process clean up, kills one that ignores SIGTERM, and returns the exit code."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import signal
import sys
import time
from multiprocessing.connection import Connection
from typing import Callable

from stop_process import stop_process


def exit_now(*_: object) -> None:
    sys.exit(0)


def polite(ready: Connection) -> None:
    signal.signal(signal.SIGTERM, exit_now)
    try:
        ready.send(None)
        while True:
            # A signal just before a long sleep would not end it.
            time.sleep(0.05)
    finally:
        print("polite: cleaned up", flush=True)


def stubborn(ready: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready.send(None)
    time.sleep(3600)


def stop(work: Callable[[Connection], None], grace: float) -> None:
    reader, ready = mp.Pipe(duplex=False)
    process = mp.Process(target=work, args=(ready,))
    process.start()
    reader.recv()
    code = stop_process(process, grace=grace)
    print("main: exit code", code)


if __name__ == "__main__":
    stop(polite, 60)
    stop(stubborn, 0.2)
