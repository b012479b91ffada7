"""A program that a shell script starts with `&` ignores SIGINT until it installs a handler."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import subprocess
import sys

APP = """
import signal
signal.raise_signal(signal.SIGINT)  # as Ctrl-C would
print("app: SIGINT was ignored")
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    print("app: KeyboardInterrupt")
"""
SCRIPT = '"$0" -c "$1" & wait'

command = ["sh", "-c", SCRIPT, sys.executable, APP]
subprocess.run(command, check=True)
