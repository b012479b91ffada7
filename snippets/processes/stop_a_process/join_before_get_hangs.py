"""`join()` hangs while the child has more in its queue than a pipe holds.

A process that exits waits until its queue's data is in the pipe. On Linux,
a pipe holds 64 KiB unless it is resized.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.0
# ///

import multiprocessing as mp


def work(results: "mp.Queue[bytes]") -> None:
    results.put(bytes(10_000_000))


if __name__ == "__main__":
    results: "mp.Queue[bytes]" = mp.Queue()
    process = mp.Process(target=work, args=(results,))
    print("main: start, then join")
    process.start()
    process.join()
    print("main: never printed")
