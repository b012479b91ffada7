"""A daemon thread that is blocked reading `sys.stdin.buffer` makes the interpreter abort at exit.

The thread holds the lock of the buffer. The interpreter needs this lock
to close stdin and gives up with a fatal error. Python 3.8.18 aborts,
too, with a slightly different message.
"""

# /// script
# requires-python = ">=3.9"
# [tool.pleasestop]
# wrong = "misleads"
# seen = "could not acquire lock"
# platforms = ["linux", "macos"]
# ///

import os
import subprocess
import sys

PROGRAM = """\
import sys, threading, time
read = sys.stdin.buffer.readline
threading.Thread(target=read, daemon=True).start()
time.sleep(0.3)  # let it get into the read
print("child: ends here")
"""

silent, typist = os.pipe()  # stands for a terminal
child = subprocess.run(
    [sys.executable, "-c", PROGRAM],
    stdin=silent,
    capture_output=True,
    text=True,
    check=False,
)
print(child.stdout, end="")
print("child: exit code", child.returncode)
print("child:", child.stderr.split("\n")[0])
