"""If a program is killed, the resource tracker removes the semaphore of its spawn lock and reports it."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = -9
# seen = "resource_tracker: There appear to be 1 leaked semaphore objects to clean up at shutdown"
# platforms = ["linux", "macos"]
# masked = ["shutdown.*"]
# ///

import os
import signal
from multiprocessing import get_context

if __name__ == "__main__":
    lock = get_context("spawn").Lock()
    os.kill(os.getpid(), signal.SIGKILL)
