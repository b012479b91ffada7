"""A process that is killed when its time is up limits a function that checks nothing.

The regular expression would take years. The process sends its result
through a pipe, and `poll` waits for the result with a timeout.
"""

import multiprocessing as mp
import re
from multiprocessing.connection import Connection


def search(results: Connection) -> None:
    results.send(bool(re.match("(a+)+$", "a" * 50 + "!")))


if __name__ == "__main__":
    ours, theirs = mp.Pipe()
    process = mp.Process(target=search, args=(theirs,))
    process.start()
    if ours.poll(0.5):  # seconds
        print("main: found:", ours.recv())
    else:
        print("main: no result in time")
    process.kill()
    process.join()
