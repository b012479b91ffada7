"""A thread that waits forever, and is not a daemon, keeps the program alive after main has ended."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

from queue import Queue
from threading import Thread

jobs: "Queue[str]" = Queue()
Thread(target=jobs.get).start()
print("main: ends")
