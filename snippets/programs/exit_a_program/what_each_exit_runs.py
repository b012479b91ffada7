"""`sys.exit` runs `finally` and `atexit` and flushes files; `os._exit` does none of it."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import subprocess
import sys

PROGRAM = """
import atexit, os, signal, sys
atexit.register(print, "atexit", end=" ", flush=True)
print("data", end=" ")  # stays in a buffer: stdout is a pipe
try:
    {}
finally:
    print("finally", end=" ")
"""
WAYS = (
    "sys.exit(3)",
    "raise SystemExit(3)",
    "raise OSError",
    "raise KeyboardInterrupt",
    "os._exit(3)",
    "os.abort()",
    "os.kill(os.getpid(), signal.SIGTERM)",
)

for way in WAYS:
    child = subprocess.run(
        [sys.executable, "-E", "-c", PROGRAM.format(way)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
        text=True,
    )
    runs = child.stdout.strip() or "nothing"
    print(f"{way}: {runs}, status {child.returncode}")
