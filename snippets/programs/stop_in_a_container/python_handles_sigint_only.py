"""Python installs a handler for SIGINT, but none for SIGTERM and SIGHUP."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import signal

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    default = signal.getsignal(number) is signal.SIG_DFL
    print(number.name, "has no handler:", default)
