"""On Python 3.12.1 and newer, a fork with other threads alive gives a warning.

Python hides it by default, because the fork is in the code of
`multiprocessing`. The option `-W default` shows it, `-W error` raises it.
"""

# /// script
# requires-python = ">=3.12"
# [tool.pleasestop]
# platforms = ["linux"]
# masked = ["pid=\\d+"]
# ///

import multiprocessing as mp
import threading
import warnings

if __name__ == "__main__":
    stopping = threading.Event()
    thread = threading.Thread(target=stopping.wait)
    thread.start()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DeprecationWarning)
        child = mp.get_context("fork").Process(target=int)
        child.start()
        child.join()
    for warning in caught:
        print(f"{warning.category.__name__}: {warning.message}")
    stopping.set()
    thread.join()
