"""While SIGCHLD is ignored, `Popen.wait` returns 0 for a command that failed."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "ChildProcessError: [Errno 10] No child processes"
# platforms = ["linux"]
# ///

import os
import signal
import subprocess
import sys

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
command = [sys.executable, "-c", "raise SystemExit(3)"]

process = subprocess.Popen(command)
print("Popen.wait:", process.wait())

process = subprocess.Popen(command)
try:
    os.waitpid(process.pid, 0)
except OSError as error:
    print(f"os.waitpid: {type(error).__name__}: {error}")
print("poll:", process.poll())
