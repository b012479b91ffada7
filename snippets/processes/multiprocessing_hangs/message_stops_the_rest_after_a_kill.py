"""A message in a pipe stops the other processes, also after one was killed.

No process reads the message, so it stays there for all that wait.
"""

import multiprocessing as mp
from multiprocessing.connection import Connection, wait


def work(stopping: Connection, name: str) -> None:
    wait([stopping])
    print(name, "stops and cleans up")


if __name__ == "__main__":
    stopping, stop = mp.Pipe(duplex=False)
    one = mp.Process(target=work, args=(stopping, "one"))
    two = mp.Process(target=work, args=(stopping, "two"))
    one.start()
    two.start()
    one.kill()
    one.join()
    stop.send("please stop")
    two.join()
    print("main: exit code of two:", two.exitcode)
