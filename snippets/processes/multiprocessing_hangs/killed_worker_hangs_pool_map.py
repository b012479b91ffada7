"""`Pool.map` does not return after a worker was killed in the middle of a call.

The pool starts a new worker, but it does not repeat the lost call.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# wrong = "hangs"
# timeout = 1.0
# ///

import multiprocessing as mp
import os
import signal


def work(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)  # as if out of memory
    return number * number


if __name__ == "__main__":
    print("main: start")
    with mp.Pool(processes=2) as pool:
        print(pool.map(work, range(4)), "never printed")
