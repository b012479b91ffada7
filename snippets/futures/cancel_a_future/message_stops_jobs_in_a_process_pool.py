"""A message in a pipe stops all running jobs of a process pool.

Each process of the pool gets the pipe when it starts. No job reads the
message, so it stays there for all of them.
"""

import multiprocessing as mp
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection, wait

pipes: "list[Connection]" = []  # filled in each process


def keep(stopping: Connection) -> None:
    pipes.append(stopping)


def work() -> str:
    while not wait(pipes, timeout=60):
        print("job: another round")
    return "stopped"


if __name__ == "__main__":
    stopping, stop = mp.Pipe(duplex=False)
    with ProcessPoolExecutor(
        max_workers=2, initializer=keep, initargs=(stopping,)
    ) as pool:
        jobs = [pool.submit(work) for _ in range(2)]
        stop.send("please stop")
        print("main:", [job.result() for job in jobs])
