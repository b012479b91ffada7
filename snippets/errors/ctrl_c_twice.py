"""A second Ctrl-C interrupts the cleanup after the first, and both are printed."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = -2
# seen = "KeyboardInterrupt"
# platforms = ["linux", "macos"]
# ///

import signal
import time

try:
    signal.raise_signal(signal.SIGINT)
finally:
    print("main: cleanup begins")
    signal.raise_signal(signal.SIGINT)
    time.sleep(1)
    print("main: cleanup is done, never printed")
