"""Writing to a process that has ended raises BrokenPipeError, and closing the pipe raises it again."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "BrokenPipeError: [Errno 32] Broken pipe"
# platforms = ["linux", "macos"]
# ///

import subprocess
import sys

command = [sys.executable, "-c", "pass"]
process = subprocess.Popen(command, stdin=subprocess.PIPE)
process.wait()
assert process.stdin

try:
    process.stdin.write(b"next job")
    process.stdin.flush()
except OSError as error:
    print(f"flush: {type(error).__name__}: {error}")
try:
    process.stdin.close()
except OSError as error:
    print(f"close: {type(error).__name__}: {error}")
