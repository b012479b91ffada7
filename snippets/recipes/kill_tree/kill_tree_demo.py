"""`kill_tree` stops a shell and its descendants, including one in a session of its own."""

# /// script
# dependencies = ["psutil==7.2.2"]
# [tool.pleasestop]
# platforms = ["linux"]
# ///

import os

import psutil

from kill_tree import kill_tree

SCRIPT = """
setsid sleep 3600 &
(sleep 3600; true) &
echo > /dev/fd/{0}; wait
"""

read, write = os.pipe()
shell = psutil.Popen(
    ["sh", "-c", SCRIPT.format(write)], pass_fds=[write]
)
os.close(write)
os.read(read, 1)  # the shell has started its children
print("main: left over:", kill_tree(shell, grace=60))
print("main: SIGTERM was enough:", shell.wait() == -15)
# The pipe ends when the last process that holds it has ended.
print("main: all are gone:", os.read(read, 1) == b"")
os.close(read)
