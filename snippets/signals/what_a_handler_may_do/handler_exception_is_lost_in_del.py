"""An exception of a handler is lost if it comes in `__del__`.

Python then calls `sys.unraisablehook`, which prints `Exception ignored`
and a traceback unless the program replaces it, and the program goes on.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: still running"
# platforms = ["linux", "macos"]
# ///

import signal
import sys

signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def report(problem: "sys.UnraisableHookArgs") -> None:
    print("ignored:", repr(problem.exc_value))


sys.unraisablehook = report


class Connection:
    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)  # as `kill` might


connection = Connection()
del connection
print("main: still running")
