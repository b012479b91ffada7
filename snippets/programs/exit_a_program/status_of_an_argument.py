"""The argument of `sys.exit` decides the status: None 0, an integer itself, anything else 1.

On Linux, the status is the integer modulo 256.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import subprocess
import sys

for argument in (
    "",
    "None",
    "0",
    "3",
    "True",
    "256",
    "-1",
    "'no disk'",
):
    child = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.exit({argument})"],
        stderr=subprocess.PIPE,
        check=False,
        text=True,
    )
    print(
        f"sys.exit({argument}):",
        child.returncode,
        child.stderr.strip(),
    )
