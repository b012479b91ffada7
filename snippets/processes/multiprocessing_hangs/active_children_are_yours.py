"""`active_children()` lists the processes that you started, and no helpers.

It also lists the workers of a pool and the process of a manager.
"""

import multiprocessing as mp

if __name__ == "__main__":
    stopping, stop = mp.Pipe(duplex=False)
    for name in ("one", "two"):
        child = mp.Process(
            target=stopping.poll, args=(None,), name=name
        )
        child.start()
    children = mp.active_children()
    print("main: running:", sorted(one.name for one in children))
    stop.send("please stop")
    for running in children:
        running.join()
    print("main: running:", mp.active_children())
