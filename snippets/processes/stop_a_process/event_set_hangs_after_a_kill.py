"""`set()` of an `mp.Event` hangs after a process that waited on it was killed.

`set()` waits until each waiting process has confirmed that it woke up. A
dead process does not confirm.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux"]
# wrong = "hangs"
# timeout = 0.7
# ///

import multiprocessing as mp
import time
from multiprocessing.synchronize import Event
from typing import Any


def work(stopping: Event) -> None:
    stopping.wait()


if __name__ == "__main__":
    stopping = mp.Event()
    process = mp.Process(target=work, args=(stopping,))
    process.start()
    inside: Any = stopping  # its private count of waiting processes
    while inside._cond._sleeping_count.get_value() == 0:
        time.sleep(0.01)
    process.kill()
    process.join()
    print("main: the child is dead, now set the event")
    stopping.set()
    print("main: never printed")
