"""With `check=True`, a command that a signal ended raises CalledProcessError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "died with <Signals.SIGTERM: 15>."
# platforms = ["linux", "macos"]
# ///

import subprocess

subprocess.run(["sh", "-c", "kill $$"], check=True)
