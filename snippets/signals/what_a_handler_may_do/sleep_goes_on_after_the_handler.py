"""A `time.sleep` goes on after a handler that only sets a flag.

Every wait that Python restarts does the same (PEP 475).
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: the sleep was over first: True"
# platforms = ["linux", "macos"]
# ///

import os
import signal
import time
from threading import Timer


class Flag:
    stopping = False

    def handle(self, *_: object) -> None:
        self.stopping = True
        print("handler: set the flag")


flag = Flag()
signal.signal(signal.SIGTERM, flag.handle)
Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
begin = time.monotonic()
while not flag.stopping:
    time.sleep(1)
late = time.monotonic() - begin >= 1
print("main: the sleep was over first:", late)
