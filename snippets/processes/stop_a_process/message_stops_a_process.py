"""A message in a pipe stops every process that waits for the pipe.

No process reads the message, so it stays there for all of them, also for
one that starts later. Each returns from its function, so its `finally`
blocks run.
"""

import multiprocessing as mp
from multiprocessing.connection import Connection, wait


def work(stopping: Connection) -> None:
    while not wait([stopping], timeout=60):
        print("child: another round")
    print("child: stopping, cleaning up")


if __name__ == "__main__":
    stopping, stop = mp.Pipe(duplex=False)
    process = mp.Process(target=work, args=(stopping,))
    process.start()
    stop.send("please stop")
    process.join()
    print("main: exit code", process.exitcode)
