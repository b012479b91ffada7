"""The end of a `with Pool` block terminates the workers, and running calls get no result."""

import multiprocessing as mp
import time

if __name__ == "__main__":
    start = time.monotonic()
    with mp.Pool(processes=2) as pool:
        result = pool.apply_async(time.sleep, (60,))
    print("main: left early:", time.monotonic() - start < 30)
    print("main: the call has a result:", result.ready())
