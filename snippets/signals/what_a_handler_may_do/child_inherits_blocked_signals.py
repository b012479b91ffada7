"""A child that is started while SIGTERM is blocked does not react to `terminate()`."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "child runs: True"
# platforms = ["linux", "macos"]
# ///

import signal
import subprocess

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
child = subprocess.Popen(["sleep", "60"])
child.terminate()
try:
    child.wait(timeout=0.3)
except subprocess.TimeoutExpired:
    print("main: child runs:", child.poll() is None)
child.kill()
print("main: child ended with", child.wait())
