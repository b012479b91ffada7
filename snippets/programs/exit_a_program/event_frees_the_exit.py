"""The program exits, because its `finally` sets the event that the thread waits for."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

stopping = threading.Event()
pool = ThreadPoolExecutor(max_workers=1)
pool.submit(stopping.wait)
try:
    print("main: exit")
    sys.exit(0)
finally:
    stopping.set()
    pool.shutdown()
