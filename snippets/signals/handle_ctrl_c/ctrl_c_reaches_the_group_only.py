"""Ctrl-C reaches child processes too, unless they have their own session.

A terminal sends SIGINT to its foreground process group; `killpg` does the
same here.
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
