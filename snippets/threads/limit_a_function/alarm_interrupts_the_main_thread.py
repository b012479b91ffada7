"""A signal handler that raises ends a sleep, a loop or a regular expression.

`signal.setitimer` takes fractions of a second, `signal.alarm` whole
seconds. Zero switches the timer off.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import re
import signal
import time
from typing import Callable

EVIL = "a" * 50 + "!"


def ring(*_: object) -> None:
    raise TimeoutError("time is up")


def loop() -> None:
    while True:
        pass


calls: "dict[str, Callable[[], object]]" = {
    "sleep": lambda: time.sleep(60),
    "loop": loop,
    "regular expression": lambda: re.match("(a+)+$", EVIL),
}
signal.signal(signal.SIGALRM, ring)
for name, function in calls.items():
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        function()
    except TimeoutError as error:
        print(f"{name}: {error}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
