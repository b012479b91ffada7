"""A signal handler that sets a flag does not end a `time.sleep` that is running.

Python calls the handler at once and then resumes the sleep (PEP 475).
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: slept to the end: True"
# platforms = ["linux", "macos"]
# ///

import signal
import time

stopping = False


def ring(*_: object) -> None:
    global stopping  # noqa: PLW0603
    stopping = True
    print("handler: please stop")


signal.signal(signal.SIGALRM, ring)
began = time.monotonic()
while not stopping:
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    time.sleep(1)
print("main: slept to the end:", time.monotonic() - began >= 1)
