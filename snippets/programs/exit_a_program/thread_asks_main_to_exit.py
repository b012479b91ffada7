"""A thread ends the program with status 3 by setting an event of the main thread."""

# /// script
# [tool.pleasestop]
# exit = 3
# ///

import sys
import threading

failed = threading.Event()


def work() -> None:
    print("worker: cannot go on")
    failed.set()


thread = threading.Thread(target=work)
thread.start()
failed.wait()
thread.join()
print("main: exit")
sys.exit(3)
