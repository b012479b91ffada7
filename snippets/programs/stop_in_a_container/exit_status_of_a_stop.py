"""After SIGTERM, the exit status is the one that the handler chooses, or -15 without a handler.

A shell shows -15 as 143, which is 128 + 15.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import subprocess
import sys
from typing import Optional

APP = """
import signal, sys
if sys.argv[1:]:
    status = int(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(status))
signal.raise_signal(signal.SIGTERM)
"""


def status(*choice: str) -> Optional[int]:
    command = [sys.executable, "-c", APP, *choice]
    return subprocess.run(command, check=False).returncode


print("handler exits with 0:", status("0"))
print("handler exits with 143:", status("143"))
print("no handler:", status())
