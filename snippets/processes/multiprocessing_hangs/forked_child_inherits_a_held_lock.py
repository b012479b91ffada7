"""A forked child waits in vain for a lock that a thread held at the fork.

The child has a copy of the lock, but not the thread that would release it.
A spawned child imports the program and creates a lock of its own. Without
its timeout, the forked child would hang.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# wrong = "misleads"
# seen = "fork: child got the lock: False"
# ///

import multiprocessing as mp
import threading
from typing import Any

lock = (
    threading.Lock()
)  # loggers and connection pools have one, too


def work(method: str) -> None:
    print(
        f"{method}: child got the lock:", lock.acquire(timeout=0.5)
    )


def hold(held: threading.Event, release: threading.Event) -> None:
    with lock:
        held.set()
        release.wait()


if __name__ == "__main__":
    held, release = threading.Event(), threading.Event()
    thread = threading.Thread(target=hold, args=(held, release))
    thread.start()
    held.wait()
    for method in ("fork", "spawn"):
        context: Any = mp.get_context(method)
        child = context.Process(target=work, args=(method,))
        child.start()
        child.join()
    release.set()
    thread.join()
