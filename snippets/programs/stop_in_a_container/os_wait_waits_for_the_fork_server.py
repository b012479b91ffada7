"""With the fork server, `os.wait()` until no child is left waits for the server, which ends only with the program."""

# /// script
# [tool.pleasestop]
# wrong = "hangs"
# timeout = 0.7
# platforms = ["linux", "macos"]
# ///

import multiprocessing as mp
import os

if __name__ == "__main__":
    mp.set_start_method("forkserver")
    process = mp.Process(target=print, args=("child: done",))
    process.start()
    process.join()
    print("main: no process of mine:", not mp.active_children())
    os.wait()
    print("main: never printed")
