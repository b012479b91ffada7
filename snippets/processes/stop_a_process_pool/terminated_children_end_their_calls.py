"""Terminating the worker processes ends the running calls of an executor.

This is for Python 3.13 and older; newer versions have
`terminate_workers()`. `active_children()` also lists processes that the
program started by other means.
"""

import multiprocessing as mp
import time
from concurrent.futures import ProcessPoolExecutor

if __name__ == "__main__":
    pool = ProcessPoolExecutor(max_workers=2)
    calls = [pool.submit(time.sleep, 60) for _ in range(6)]
    while not calls[0].running():
        time.sleep(0.01)
    for process in mp.active_children():
        process.terminate()
    for call in calls:
        print(
            "main: call ended with", type(call.exception()).__name__
        )
    pool.shutdown()
