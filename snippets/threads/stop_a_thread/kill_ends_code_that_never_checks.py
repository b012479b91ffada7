"""`Process.kill()` ends code that never checks an event."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
from collections import deque
from itertools import repeat
from multiprocessing.connection import Connection


def work(started: Connection) -> None:
    started.send("computing")
    deque(repeat(1), maxlen=0)  # C code that never returns


if __name__ == "__main__":
    ours, theirs = mp.Pipe()
    process = mp.Process(target=work, args=(theirs,))
    process.start()
    print("child:", ours.recv())
    process.kill()
    process.join()
    print("main: exit code", process.exitcode)
