"""`os.kill` raises ProcessLookupError for a process that was waited for, unless another has its number."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "ProcessLookupError: [Errno 3] No such process"
# platforms = ["linux", "macos"]
# ///

import os
import signal
from subprocess import Popen

process = Popen(["true"])
process.wait()
os.kill(process.pid, signal.SIGTERM)
