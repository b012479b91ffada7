"""`join()` hangs while what the child put into a queue was not taken out.

A process waits at its end until its queue's data is in the pipe, and a
pipe holds a few kilobytes.
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
