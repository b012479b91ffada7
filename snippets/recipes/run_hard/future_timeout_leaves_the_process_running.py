"""`future.result(timeout=...)` stops only the waiting; the process keeps running and delays the exit."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.5
# platforms = ["linux", "macos"]
# ///

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout


def search() -> None:
    while True:
        pass


if __name__ == "__main__":
    with ProcessPoolExecutor(1) as pool:
        future = pool.submit(search)
        try:
            future.result(timeout=0.1)
        except FutureTimeout:
            print("main: timed out", flush=True)
        print("main: cancelled:", future.cancel(), flush=True)
    print("main: never printed")
