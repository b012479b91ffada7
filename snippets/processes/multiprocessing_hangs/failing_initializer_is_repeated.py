"""A `Pool` whose initializer fails starts new workers again and again.

An executor runs the initializer once in each worker; after the first
failure, its calls raise BrokenProcessPool.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "more than 10 workers were started: True"
# ///

import multiprocessing as mp
import sys
import time
from multiprocessing.sharedctypes import Synchronized


def connect(starts: "Synchronized[int]") -> None:
    with starts.get_lock():
        starts.value += 1
    sys.exit(1)  # raising does the same, with a traceback each time


if __name__ == "__main__":
    starts = mp.Value("i", 0)
    with mp.Pool(
        2, initializer=connect, initargs=(starts,)
    ) as pool:
        result = pool.apply_async(abs, (-1,))
        while starts.value <= 10:
            time.sleep(0.01)
        print("main: more than 10 workers were started: True")
        print("main: there is a result:", result.ready())
