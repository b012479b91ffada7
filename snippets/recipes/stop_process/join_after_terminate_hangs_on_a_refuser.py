"""`terminate(); join()` hangs while the process does not exit on SIGTERM."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 1.0
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import signal
import time
from multiprocessing.connection import Connection


def work(ready: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready.send(None)
    time.sleep(3600)


if __name__ == "__main__":
    reader, ready = mp.Pipe(duplex=False)
    process = mp.Process(target=work, args=(ready,))
    process.start()
    reader.recv()
    print("main: terminate, then join", flush=True)
    process.terminate()
    process.join()
    print("main: never printed")
