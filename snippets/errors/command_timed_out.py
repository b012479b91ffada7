"""The TimeoutExpired of `subprocess.run` does not derive from TimeoutError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "subprocess.TimeoutExpired: Command '['sleep', '60']' timed out after"
# masked = ["[0-9.]+ seconds"]
# ///

import subprocess

try:
    subprocess.run(["sleep", "60"], timeout=0.1, check=True)
except TimeoutError:
    print("main: never printed")
