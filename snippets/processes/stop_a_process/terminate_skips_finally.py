"""Without a SIGTERM handler, `terminate()` skips `finally` and `atexit`.

Python does not handle SIGTERM by default, so the operating system ends the
process.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "exit code -15"
# platforms = ["linux", "macos"]
# ///

import atexit
import multiprocessing as mp
import time
from multiprocessing.synchronize import Event


def work(ready: Event) -> None:
    atexit.register(print, "child: atexit, never printed")
    try:
        print("child: working")
        ready.set()
        time.sleep(60)
    finally:
        print("child: finally, never printed")


if __name__ == "__main__":
    ready = mp.Event()
    process = mp.Process(target=work, args=(ready,))
    process.start()
    ready.wait()
    process.terminate()
    process.join()
    print("main: exit code", process.exitcode)
