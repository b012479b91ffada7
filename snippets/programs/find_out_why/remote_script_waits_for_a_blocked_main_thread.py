"""A script sent by `sys.remote_exec` does not run while the main thread is blocked in a system call.

The child waits for its shell, which waits for a line of input. The script
runs when the line has come.
"""

# /// script
# requires-python = ">=3.14"
# [tool.pleasestop]
# platforms = ["linux"]
# wrong = "misleads"
# seen = "half a second later, the script ran: False"
# ///

import select
import subprocess
import sys
import tempfile
from subprocess import PIPE

PROGRAM = """
import os
os.system("echo child: waits for input; read line")
print("child: got a line")
"""
SCRIPT = "print('script: runs in the child')\n"

with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
    script.write(SCRIPT)
    script.flush()
    child = subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM],
        stdin=PIPE,
        stdout=PIPE,
    )
    assert child.stdout
    print(child.stdout.readline().decode(), end="")
    sys.remote_exec(child.pid, script.name)
    ready = select.select([child.stdout], [], [], 0.5)[0]
    print("half a second later, the script ran:", bool(ready))
    lines, _ = child.communicate(b"\n")
    print(lines.decode(), end="")
