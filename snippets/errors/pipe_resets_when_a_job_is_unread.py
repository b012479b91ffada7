"""`recv()` raises ConnectionResetError if the process at the other end is gone and left a job unread."""

# /// script
# [tool.pleasestop]
# platforms = ["linux"]
# ///

import time
from multiprocessing import Pipe, Process

if __name__ == "__main__":
    ours, theirs = Pipe()
    ours.send("a job")
    process = Process(target=time.sleep, args=[60])
    process.start()
    theirs.close()  # our copy of the other end
    process.terminate()
    process.join()
    for _ in range(2):
        try:
            ours.recv()
        except (EOFError, OSError) as error:
            print("main:", repr(error))
