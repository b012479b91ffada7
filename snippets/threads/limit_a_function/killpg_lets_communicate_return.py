"""`killpg` ends a shell and its commands, so `communicate()` returns."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
from subprocess import PIPE, Popen, TimeoutExpired

shell = Popen(
    "(echo ready; exec sleep 3600); true",
    shell=True,
    stdout=PIPE,
    start_new_session=True,  # makes it the leader of a group
)
try:
    output, _ = shell.communicate(timeout=0.5)
except TimeoutExpired:
    os.killpg(shell.pid, signal.SIGKILL)
    output, _ = shell.communicate()
print("main: output so far:", output)
print("main: exit code", shell.returncode)
