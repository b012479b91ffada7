"""`select` does not see a line that `sys.stdin` has already buffered."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "more to read: False"
# browser = "a standard input"
# platforms = ["linux", "macos"]
# ///

import os
import select
import sys

silent, typist = os.pipe()
os.dup2(silent, 0)
os.write(typist, b"first\nsecond\n")

select.select([sys.stdin], [], [])
print("main: read", repr(sys.stdin.readline()))
ready, _, _ = select.select([sys.stdin], [], [], 0.1)
print("main: more to read:", bool(ready))
print("main: read", repr(sys.stdin.readline()))
