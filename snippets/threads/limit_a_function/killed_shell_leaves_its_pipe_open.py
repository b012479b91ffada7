"""After `kill()`, `communicate()` waits as long as a grandchild holds the pipe.

`kill()` reaches the shell only. The command that the shell started
runs on and has the same standard output.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: communicate still waits"
# platforms = ["linux", "macos"]
# ///

import os
from subprocess import PIPE, Popen, TimeoutExpired

reader, writer = os.pipe()  # the command ends when this is closed
command = "(echo ready; exec cat); true"
shell = Popen(command, shell=True, stdin=reader, stdout=PIPE)
assert shell.stdout is not None
print("main: read", shell.stdout.readline())
try:
    shell.communicate(timeout=0.1)
except TimeoutExpired:
    shell.kill()
print("main: the shell has exited:", shell.wait())
try:
    shell.communicate(timeout=0.3)
except TimeoutExpired:
    print("main: communicate still waits")

os.close(writer)
shell.communicate()
print("main: the command has ended")
