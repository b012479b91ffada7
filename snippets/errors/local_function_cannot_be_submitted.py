"""A process that is not forked cannot get a function that is defined inside another function."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "local object"
# masked = ["0x[0-9a-f]+"]
# ///

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def main() -> None:
    def work() -> int:
        return 7

    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        future = pool.submit(work)
        error = future.exception()
    print(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
