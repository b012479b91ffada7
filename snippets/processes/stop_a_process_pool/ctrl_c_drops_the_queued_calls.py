"""On Ctrl-C, `shutdown(cancel_futures=True)` drops the queued calls of a process pool.

The workers ignore SIGINT, so only the main process reacts to Ctrl-C. It
sends SIGINT to its process group, as a terminal does.
"""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
from concurrent.futures import ProcessPoolExecutor


def ignore_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, initializer=ignore_ctrl_c)
    calls = [pool.submit(abs, number) for number in range(5000)]
    try:
        calls[0].result()
        os.killpg(os.getpgrp(), signal.SIGINT)  # Ctrl-C
        calls[-1].result()
    except KeyboardInterrupt:
        pool.shutdown(cancel_futures=True)
    print("main: call dropped:", calls[-1].cancelled())
