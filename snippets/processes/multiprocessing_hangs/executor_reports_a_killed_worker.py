"""A `ProcessPoolExecutor` raises BrokenProcessPool after a worker was killed.

SIGKILL is what the system sends when memory runs out. The worker kills
itself here, in place of the system.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def work(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)  # as if out of memory
    return number * number


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=2) as pool:
        try:
            print(list(pool.map(work, range(4))))
        except BrokenProcessPool:
            print("main: a worker died in its call")
