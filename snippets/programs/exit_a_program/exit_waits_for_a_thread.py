"""After `sys.exit`, the interpreter waits for threads that are not daemons.

A call in a thread pool counts, also after `shutdown(wait=False)`.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

stopping = threading.Event()
pool = ThreadPoolExecutor(max_workers=1)
pool.submit(stopping.wait)
pool.shutdown(wait=False)
print("main: exit")
sys.exit(0)
