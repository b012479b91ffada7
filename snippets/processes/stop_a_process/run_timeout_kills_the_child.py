"""When `subprocess.run` raises TimeoutExpired, it has killed the child.

The pipe has no other writer left, so reading from it comes to its end.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import subprocess

reader, writer = os.pipe()
try:
    subprocess.run(
        ["sleep", "60"], timeout=0.2, check=True, stdout=writer
    )
except subprocess.TimeoutExpired:
    print("main: TimeoutExpired")

os.close(writer)
print("main: the child is gone:", os.read(reader, 1) == b"")
