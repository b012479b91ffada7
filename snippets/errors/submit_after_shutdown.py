"""An executor that was shut down refuses new calls."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: cannot schedule new futures after shutdown"
# ///

from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor() as pool:
    print("main:", pool.submit(pow, 2, 3).result())
pool.submit(pow, 2, 4)
