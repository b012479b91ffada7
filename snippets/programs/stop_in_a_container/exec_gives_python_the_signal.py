"""With `exec`, Python takes the place of the shell, so it gets the SIGTERM."""

# /// script
# [tool.pleasestop]
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
SCRIPT = 'exec "$0" -c "$1"'

app = subprocess.Popen(
    ["sh", "-c", SCRIPT, sys.executable, APP],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    text=True,
)
assert app.stdout
print(app.stdout.readline(), end="")
app.terminate()
print(app.communicate()[0], end="")
print("supervisor: status", app.wait())
