"""After `os.setsid()` in an `mp.Process`, `killpg` also ends its children.

The command holds the pipe open. The pipe comes to its end only when the
command is gone, too.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import os
import signal
from multiprocessing.connection import Connection
from subprocess import Popen


def work(output: Connection) -> None:
    os.setsid()  # this process now leads a group of its own
    command = Popen(["sleep", "60"], stdout=output.fileno())
    output.send("started a command")
    command.wait()


if __name__ == "__main__":
    ours, theirs = mp.Pipe(duplex=False)
    process = mp.Process(target=work, args=(theirs,))
    process.start()
    theirs.close()  # our copy of the writing end
    print("child:", ours.recv())
    assert process.pid is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.join()
    print("main: the child ended with", process.exitcode)
    try:
        ours.recv()
    except EOFError:
        print("main: the command is gone, too")
