"""`signal.signal` raises ValueError in every thread but the main one."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import signal
from threading import Thread


def install() -> None:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    except ValueError as error:
        print("worker: ValueError:", error)


thread = Thread(target=install)
thread.start()
thread.join()
