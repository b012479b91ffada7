"""A child that waits for the sentinel of its parent ends when the parent was killed."""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
from multiprocessing.connection import Connection, wait


def work(jobs: "Connection[str, str]") -> None:
    parent = mp.parent_process()
    assert parent
    jobs.send("worker: working")
    while jobs in wait([jobs, parent.sentinel]):
        print("worker: does", jobs.recv(), flush=True)
    print("worker: the parent has gone, cleaning up", flush=True)


def start(jobs: "Connection[str, str]") -> None:
    worker = mp.Process(target=work, args=(jobs,), daemon=True)
    worker.start()
    jobs.close()
    worker.join()


if __name__ == "__main__":
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
