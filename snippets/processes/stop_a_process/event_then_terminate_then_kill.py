"""`kill()` ends a process that ignores both a message and SIGTERM.

`stop` uses only as much force as it must.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import signal
import time
from multiprocessing.connection import Connection


def work(stopping: Connection, ready: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while not stopping.poll():
        ready.send("ready")
        time.sleep(60)  # checks the pipe once a minute


def stop(
    process: mp.Process, request: Connection, patience: float
) -> None:
    request.send("please stop")
    process.join(patience)
    if process.is_alive():
        print("main: sent a message, still alive")
        process.terminate()
        process.join(patience)
    if process.is_alive():
        print("main: terminated, still alive")
        process.kill()
        process.join()


if __name__ == "__main__":
    stopping, request = mp.Pipe(duplex=False)
    ours, theirs = mp.Pipe()
    process = mp.Process(target=work, args=(stopping, theirs))
    process.start()
    ours.recv()
    stop(process, request, patience=0.2)
    print("main: exit code", process.exitcode)
