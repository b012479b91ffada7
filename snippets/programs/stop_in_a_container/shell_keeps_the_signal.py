"""SIGTERM to a shell that runs Python as a child ends the shell; Python does not notice.

`true` stands for any further command of the script. Many shells replace
themselves by the last command of `sh -c`, and some do not.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "app: read still here"
# platforms = ["linux", "macos"]
# ///

import subprocess
import sys

APP = """
import signal, sys

signal.signal(signal.SIGTERM, lambda *_: sys.exit())
try:
    print("app: working", flush=True)
    print("app: read", sys.stdin.readline(), end="")
finally:
    print("app: cleaning up")
"""
SCRIPT = '"$0" -c "$1"; true'

shell = subprocess.Popen(
    ["sh", "-c", SCRIPT, sys.executable, APP],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    text=True,
)
assert shell.stdin
assert shell.stdout
print(shell.stdout.readline(), end="")
shell.terminate()
print("supervisor: the shell ended with", shell.wait())
shell.stdin.write("still here\n")
shell.stdin.close()
print(shell.stdout.read(), end="")
