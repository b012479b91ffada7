"""A `Timer` that was not started does not fire, with or without `cancel()`.

A widely copied example creates a timer, cancels it, and shows that
nothing is printed. It forgot `start()`.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: alive before the cancel: False"
# ///

import time
from threading import Timer


def hello() -> None:
    print("timer: never printed")


timer = Timer(0.1, hello)  # no timer.start()
time.sleep(0.3)
print("main: alive before the cancel:", timer.is_alive())
timer.cancel()
