"""`killpg` ends a child that has its own session, with the processes it started.

The pipe comes to its end only when the last process that could write to
it is gone.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
from subprocess import PIPE, Popen

shell = Popen(
    ["sh", "-c", "cat; true"],
    stdin=PIPE,
    stdout=PIPE,
    text=True,
    start_new_session=True,
)
assert shell.stdin is not None
assert shell.stdout is not None
print("ready?", file=shell.stdin, flush=True)
print("main: cat answers:", shell.stdout.readline().strip())

os.killpg(shell.pid, signal.SIGKILL)
print("main: the shell ended with", shell.wait())
print("main: all are gone:", shell.stdout.read() == "")
