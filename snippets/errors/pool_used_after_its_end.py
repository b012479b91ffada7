"""A Pool accepts no calls after `close()`, `terminate()`, or the end of its `with` block."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "ValueError: Pool not running"
# ///

from multiprocessing import Pool

if __name__ == "__main__":
    with Pool(1) as pool:
        print("main: the pool is ready")
    pool.apply(pow, [2, 3])
