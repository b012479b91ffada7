"""`Pool.join()` before `close()` or `terminate()` raises ValueError."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "ValueError: Pool is still running"
# ///

from multiprocessing import Pool

if __name__ == "__main__":
    with Pool(1) as pool:
        pool.join()
