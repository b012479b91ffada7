"""An exception that cannot be unpickled makes `Pool.apply` wait forever.

Its class takes two arguments and passes one of them to `Exception`. The
thread of the pool that reads results fails, so no later result is read.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.0
# masked = ["Thread-3[^:]*", "(RejectedError\\.)?__init__"]
# ///

import multiprocessing as mp


class RejectedError(Exception):
    def __init__(self, reason: str, code: int) -> None:
        super().__init__(reason)  # must be (reason, code)
        self.code = code


def work() -> None:
    raise RejectedError("no such user", 404)


if __name__ == "__main__":
    with mp.Pool(processes=1) as pool:
        pool.apply(work)
