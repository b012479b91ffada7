"""A process that waits on a `multiprocessing.Event` ends as soon as it is set.

It returns from its function, so `finally` blocks run and the exit code is 0.
"""

import multiprocessing as mp
from multiprocessing.synchronize import Event


def work(stopping: Event) -> None:
    while not stopping.wait(timeout=60):
        print("child: another round")
    print("child: asked to stop, tidying up")


if __name__ == "__main__":
    stopping = mp.Event()
    process = mp.Process(target=work, args=(stopping,))
    process.start()
    print("main: please stop")
    stopping.set()
    process.join()
    print("main: exit code", process.exitcode)
