"""An exception of a handler can come in a `finally`, and then the rest of the cleanup is skipped."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 143
# platforms = ["linux", "macos"]
# ///

import signal
import sys

signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def close(name: str) -> None:
    signal.raise_signal(signal.SIGTERM)  # as `kill` might
    print("closed", name, "never printed")


try:
    print("main: work is done")
finally:
    print("main: cleaning up")
    close("the file")
    close("the connection")
