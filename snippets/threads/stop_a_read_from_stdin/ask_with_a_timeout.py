"""`select` with a timeout limits how long a question waits for an answer."""

# /// script
# [tool.pleasestop]
# browser = "a standard input"
# platforms = ["linux", "macos"]
# ///

import os
import select
import sys
from typing import Optional

silent, typist = os.pipe()
os.dup2(silent, 0)  # stands for a terminal


def ask(question: str, seconds: float) -> Optional[str]:
    print(question, flush=True)
    if select.select([sys.stdin], [], [], seconds)[0]:
        return sys.stdin.readline().rstrip("\n")
    return None


print("answer:", ask("Go on?", 0.1))
os.write(typist, b"yes\n")
print("answer:", ask("Go on?", 60))
