"""Installing a handler for SIGKILL raises OSError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "OSError: [Errno 22] Invalid argument"
# platforms = ["linux", "macos"]
# ///

import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("main: SIGTERM is ignored")
signal.signal(signal.SIGKILL, signal.SIG_IGN)
