"""The timeout of `subprocess.run` kills the shell, not the command that the shell runs."""

# /// script
# [tool.pleasestop]
# wrong = "leaks"
# leaves = ["process"]
# platforms = ["linux", "macos"]
# ///

import os
import select
import subprocess

# Reading comes to an end when all processes have closed the pipe.
reader, writer = os.pipe()
try:
    subprocess.run(
        "sleep 3600; true",
        shell=True,
        timeout=0.5,
        check=True,
        pass_fds=[writer],
    )
except subprocess.TimeoutExpired:
    print("main: TimeoutExpired")

os.close(writer)
ended, _, _ = select.select([reader], [], [], 0.2)
print("main: all have ended:", bool(ended))
os.close(reader)
