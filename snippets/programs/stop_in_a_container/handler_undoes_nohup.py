"""`nohup` only ignores SIGHUP, so a program that installs a handler for SIGHUP undoes it."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "app: stopped by SIGHUP"
# platforms = ["linux", "macos"]
# ///

import subprocess
import sys

APP = """
import signal, sys
ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
print("app: nohup is at work:", ignored)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda *_: sys.exit())
try:
    signal.raise_signal(signal.SIGHUP)  # the terminal is closed
finally:
    print("app: stopped by SIGHUP")
"""

app = subprocess.run(
    ["nohup", sys.executable, "-c", APP],
    stdin=subprocess.DEVNULL,
    stdout=subprocess.PIPE,
    text=True,
    check=True,
)
print(app.stdout, end="")
