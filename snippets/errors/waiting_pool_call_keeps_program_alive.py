"""`shutdown(wait=False)` does not let the program end while a call runs."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

from concurrent.futures import ThreadPoolExecutor
from queue import Queue

jobs: "Queue[str]" = Queue()
pool = ThreadPoolExecutor()
pool.submit(jobs.get)
pool.shutdown(wait=False)
print("main: ends")
