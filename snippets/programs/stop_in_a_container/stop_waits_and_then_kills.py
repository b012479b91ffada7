"""A supervisor that gets no reaction to SIGTERM waits for its whole grace period, then kills.

The child ignores SIGTERM, as the kernel makes process 1 of a container do
if it has no handler. `stop` is what `docker stop` does, with half a
second for the ten.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "status -9"
# platforms = ["linux", "macos"]
# ///

import subprocess
import sys

GRACE = 0.5
APP = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("app: working", flush=True)
try:
    time.sleep(60)
finally:
    print("app: never printed")
"""


def stop(app: "subprocess.Popen[str]") -> int:
    app.terminate()
    try:
        return app.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        print("supervisor: the grace is over")
        app.kill()
    return app.wait()


app = subprocess.Popen(
    [sys.executable, "-c", APP], stdout=subprocess.PIPE, text=True
)
assert app.stdout
print(app.stdout.readline(), end="")
print("supervisor: status", stop(app))
