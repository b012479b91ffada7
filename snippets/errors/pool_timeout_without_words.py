"""The TimeoutError of a Pool is a class of its own, and has no text."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "TimeoutError()"
# ///

import multiprocessing
import time

if __name__ == "__main__":
    with multiprocessing.Pool(1) as pool:
        try:
            pool.apply_async(time.sleep, [1]).get(timeout=0.01)
        except multiprocessing.TimeoutError as error:
            print(f"main: failed: {error}")
            print(f"main: failed: {error!r}")
