"""To restart a timer, cancel it and start a new one in its place.

Call `saw` from one thread only. An old timer that fires while `saw` runs
still calls its function.
"""

from threading import Timer
from typing import Optional


class Debounce:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.timer: Optional[Timer] = None

    def saw(self, key: str) -> None:
        if self.timer is not None:
            self.timer.cancel()
        self.timer = Timer(self.seconds, print, ["search for", key])
        self.timer.start()


typing = Debounce(seconds=1.0)
for text in ("c", "ca", "cat"):
    typing.saw(text)
