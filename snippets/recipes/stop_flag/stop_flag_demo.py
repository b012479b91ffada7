"""A signal ends the `wait` of a `StopFlag`, and the loop with its cleanup ends in order."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
import threading

from stop_flag import StopFlag


def terminate() -> None:
    working.wait()
    os.kill(os.getpid(), signal.SIGTERM)  # as a container does


working = threading.Event()
threading.Thread(target=terminate).start()

with StopFlag() as stop:
    while not stop.is_set():
        print("main: works")
        working.set()
        stop.wait(3600)  # instead of time.sleep(3600)
    print("main: cleans up")

assert stop.signal is not None
print("exit status:", 128 + stop.signal)
