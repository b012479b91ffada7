"""A child goes on after its parent was killed, although it is daemonic.

The interpreter ends its daemonic children when it exits. A killed
interpreter does not come to that.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "worker: my parent lives: False"
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
from contextlib import suppress
from multiprocessing.connection import Connection


def work(line: "Connection[str, str]") -> None:
    line.send("worker: working")
    line.recv()
    parent = mp.parent_process()
    assert parent
    line.send(f"worker: my parent lives: {parent.is_alive()}")


def start(line: "Connection[str, str]") -> None:
    worker = mp.Process(target=work, args=(line,), daemon=True)
    worker.start()
    worker.join()


if __name__ == "__main__":
    here, there = mp.Pipe()
    parent = mp.Process(target=start, args=(there,))
    parent.start()
    print(here.recv())
    parent.kill()
    parent.join()
    here.send("are you there?")
    print(here.recv())
    there.close()
    with suppress(EOFError):
        here.recv()  # waits until the worker has ended
