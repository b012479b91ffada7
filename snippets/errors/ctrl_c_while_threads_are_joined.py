"""Ctrl-C while the program waits at its end for a thread ends the program without the thread's cleanup."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "KeyboardInterrupt"
# leaves = ["thread"]
# platforms = ["linux", "macos"]
# ///

import os
import signal
import threading
import time


def work() -> None:
    threading.main_thread().join()  # until it has nothing to do
    time.sleep(0.3)  # now it waits for this thread
    os.kill(os.getpid(), signal.SIGINT)
    try:
        threading.Event().wait()
    finally:
        print("worker: never printed")


threading.Thread(target=work).start()
print("main: ends")
