"""When a `Popen` object is destroyed, its process runs on."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "is still running"
# platforms = ["linux", "macos"]
# masked = ["subprocess [0-9]+"]
# ///

import os
import subprocess
import sys
import warnings
from typing import Any


def show(message: Any, *_: Any, **__: Any) -> None:
    print("ResourceWarning:", message)


def begin() -> int:
    command = [sys.executable, "-c", "open(0).read()"]
    process = subprocess.Popen(command, stdin=reading)
    return process.pid


warnings.filterwarnings("default", "subprocess")
warnings.showwarning = show
reading, writing = os.pipe()
pid = begin()

os.close(writing)
ended, status = os.waitpid(pid, 0)
print("it ended later, by itself:", ended == pid)
