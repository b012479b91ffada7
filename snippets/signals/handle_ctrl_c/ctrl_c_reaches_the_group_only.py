"""Ctrl-C reaches child processes, unless they are in another process group.

A terminal sends SIGINT to its foreground process group; `killpg` does the
same here. A child in a new session is in a process group of its own.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import os
import signal
from subprocess import Popen

here = Popen(["sleep", "60"])
elsewhere = Popen(["sleep", "60"], start_new_session=True)
try:
    os.killpg(os.getpgrp(), signal.SIGINT)
    here.wait()
except KeyboardInterrupt:
    print("main: KeyboardInterrupt")
print("main: child in our group ended with", here.wait())
print("main: child elsewhere runs:", elsewhere.poll() is None)
elsewhere.terminate()
elsewhere.wait()
