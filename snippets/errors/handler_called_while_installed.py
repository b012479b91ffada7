"""Parentheses after the handler's name call it, and install what it returns."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "TypeError: signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"
# ///

import signal
from typing import Any


def stop() -> Any:
    print("stop: called before any signal came")


signal.signal(signal.SIGTERM, stop())
