"""`terminate(); join()` hangs when the process does not end on SIGTERM."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.0
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import signal
import time
from multiprocessing.synchronize import Event


def work(ready: Event) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready.set()
    time.sleep(3600)


if __name__ == "__main__":
    ready = mp.Event()
    process = mp.Process(target=work, args=(ready,))
    process.start()
    ready.wait()
    print("main: terminate, then join", flush=True)
    process.terminate()
    process.join()
    print("main: never printed")
