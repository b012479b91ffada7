"""When a worker is killed, each call that has not finished raises BrokenProcessPool."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "BrokenProcessPool: A process in the process pool was terminated abruptly while the future was running or pending."
# platforms = ["linux", "macos"]
# masked = ["Process [0-9]+"]
# ///

import os
import signal
from concurrent.futures import ProcessPoolExecutor


def work() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    with ProcessPoolExecutor(1) as pool:
        pool.submit(work).result()
