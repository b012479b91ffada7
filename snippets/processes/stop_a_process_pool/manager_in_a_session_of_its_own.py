"""A manager in a session of its own does not get the signals of the group.

It is spawned, because the same SIGTERM ends the fork server.
"""

# /// script
# [tool.pleasestop]
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import os
import signal
from multiprocessing.managers import SyncManager

if __name__ == "__main__":
    manager = SyncManager(ctx=mp.get_context("spawn"))
    manager.start(initializer=os.setsid)
    signal.signal(signal.SIGTERM, lambda *_: print("main: SIGTERM"))
    with manager:
        jobs = manager.list([1, 2, 3])
        os.killpg(os.getpgrp(), signal.SIGTERM)
        print("main: jobs left:", len(jobs))
