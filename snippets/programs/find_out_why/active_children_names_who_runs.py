"""`multiprocessing.active_children` names the children that the program will wait for at its exit."""

import multiprocessing
from multiprocessing.connection import Connection


def work(jobs: Connection) -> None:
    jobs.recv()


if __name__ == "__main__":
    theirs, ours = multiprocessing.Pipe(duplex=False)
    multiprocessing.Process(
        target=work, args=(theirs,), name="worker"
    ).start()
    for child in multiprocessing.active_children():
        if not child.daemon:
            print(f"{child.name} still runs")
    ours.send("stop")
