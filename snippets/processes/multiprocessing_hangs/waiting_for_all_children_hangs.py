"""`os.wait()` until no child is left does not end: two helpers of Python are left.

They are the fork server and the resource tracker. The workers are children
of the fork server.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux"]
# wrong = "hangs"
# timeout = 1.0
# ///

import multiprocessing as mp
import os


def work() -> None:
    print("worker: done")


if __name__ == "__main__":
    context = mp.get_context("forkserver")  # the default of 3.14
    process = context.Process(target=work)
    process.start()
    process.join()
    print("main: wait for the children that are left")
    while True:
        os.wait()  # raises ChildProcessError when none is left
