"""`set()` of an `mp.Event` hangs after a process that waited on it was killed.

`set()` waits until each waiting process has confirmed that it woke up. A
dead process does not confirm.
"""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# ///

import multiprocessing as mp
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event


def work(stopping: Event, ready: Connection) -> None:
    ready.send("about to wait")
    stopping.wait()


if __name__ == "__main__":
    stopping = mp.Event()
    ours, theirs = mp.Pipe()
    process = mp.Process(target=work, args=(stopping, theirs))
    process.start()
    print("child:", ours.recv())
    process.join(0.5)  # lets the child begin to wait
    process.kill()
    process.join()
    print("main: the child is dead, now set the event")
    stopping.set()
    print("main: never printed")
