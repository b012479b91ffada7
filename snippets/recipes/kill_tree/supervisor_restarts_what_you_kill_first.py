"""Killing the children before their parent misses a child that the parent starts in between."""

# /// script
# dependencies = ["psutil==7.2.2"]
# [tool.pleasestop]
# wrong = "misleads"
# seen = "a child lives on: True"
# platforms = ["linux", "macos"]
# ///

import os
import subprocess

import psutil

# Starts its worker again when that has ended.
SCRIPT = """while :; do
    (echo > /dev/fd/{0}; exec sleep 3600); true
done"""

read, write = os.pipe()
supervisor = psutil.Popen(
    ["sh", "-c", SCRIPT.format(write)],
    pass_fds=[write],
    stderr=subprocess.DEVNULL,  # the shell reports who was killed
)
os.read(read, 1)

for child in supervisor.children(recursive=True):
    print("main: a child is killed")
    child.kill()
os.read(read, 1)  # the supervisor was quicker than we
(late,) = supervisor.children()
supervisor.kill()
print("main: the supervisor is killed:", supervisor.wait() == -9)
print("main: a child lives on:", late.is_running())
late.kill()
