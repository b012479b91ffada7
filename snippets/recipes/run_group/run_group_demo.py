"""`run_group` ends a shell and all that it started, at the limit and on Ctrl-C."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
import subprocess
import threading
import time

from run_group import run_group

# Reading comes to an end when all processes have closed the pipe.
reader, writer = os.pipe()
script = (
    f"echo > /dev/fd/{writer}; echo hello; sleep 3600 & sleep 3600"
)


def press_ctrl_c() -> None:
    os.read(reader, 1)  # the command has begun
    time.sleep(0.1)
    signal.raise_signal(signal.SIGINT)


try:
    run_group(script, shell=True, timeout=0.3, pass_fds=[writer])
except subprocess.TimeoutExpired as error:
    print("main: timed out; output:", error.stdout)

os.read(reader, 1)
threading.Thread(target=press_ctrl_c).start()
try:
    run_group(script, shell=True, pass_fds=[writer])
except KeyboardInterrupt:
    print("main: interrupted")

os.close(writer)
print("main: all have ended:", os.read(reader, 1) == b"")
os.close(reader)
