"""SIGTERM to the process group also ends the process of a `Manager`.

The main process handles the signal, but the objects of the manager are
gone when it cleans up. With fork, a manager that is started after
`signal.signal` inherits the handler, and lives on.
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "main: cleanup fails"
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import os
import signal

if __name__ == "__main__":
    with mp.Manager() as manager:
        signal.signal(
            signal.SIGTERM, lambda *_: print("main: SIGTERM")
        )
        jobs = manager.list([1, 2, 3])
        (server,) = mp.active_children()
        os.killpg(os.getpgrp(), signal.SIGTERM)
        server.join()
        try:
            print("main: jobs left:", len(jobs))
        except (EOFError, OSError):
            print("main: cleanup fails, the manager is gone")
