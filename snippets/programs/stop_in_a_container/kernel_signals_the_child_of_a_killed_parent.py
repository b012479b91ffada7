"""After `prctl(PR_SET_PDEATHSIG, SIGTERM)`, Linux sends SIGTERM to a spawned child whose parent is killed.

The child checks afterwards whether its parent lives, because it may have
ended before. With the fork server, this program would hang: the kernel
takes the fork server for the parent.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux"]
# ///

import ctypes
import multiprocessing as mp
import signal
import sys
from multiprocessing.connection import Connection

PR_SET_PDEATHSIG = 1


def work(line: "Connection[str, str]") -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    parent = mp.parent_process()
    if parent is None or not parent.is_alive():
        sys.exit("the parent has gone")
    line.send("worker: working")
    signal.pause()


def start(line: "Connection[str, str]") -> None:
    worker = mp.Process(target=work, args=(line,), daemon=True)
    worker.start()
    line.close()
    worker.join()


if __name__ == "__main__":
    mp.set_start_method("spawn")
    here, there = mp.Pipe()
    parent = mp.Process(target=start, args=(there,))
    parent.start()
    there.close()
    print(here.recv())
    parent.kill()
    try:
        here.recv()
    except EOFError:
        print("main: the worker has ended")
    parent.join()
