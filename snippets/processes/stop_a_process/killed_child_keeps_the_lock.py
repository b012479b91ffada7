"""A lock that a process held when it was terminated stays locked.

Another process can release an `mp.Lock`, but not an `mp.RLock`.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: got the lock: False"
# ///

import multiprocessing as mp
import time
from multiprocessing.synchronize import Event, Lock


def work(lock: Lock, ready: Event) -> None:
    with lock:
        ready.set()
        time.sleep(60)


if __name__ == "__main__":
    lock, ready = mp.Lock(), mp.Event()
    process = mp.Process(target=work, args=(lock, ready))
    process.start()
    ready.wait()
    process.terminate()
    process.join()
    print("main: the child is gone:", not process.is_alive())
    print("main: got the lock:", lock.acquire(timeout=0.3))
