"""A single call of `multiprocessing.Pool` cannot be cancelled."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "AttributeError: 'ApplyResult' object has no attribute 'cancel'"
# ///

import time
from multiprocessing import Pool

if __name__ == "__main__":
    with Pool(1) as pool:
        answer = pool.apply_async(time.sleep, [60])
        answer.cancel()
