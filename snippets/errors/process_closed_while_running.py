"""`Process.close()` does not stop a process; it raises ValueError while the process runs."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "ValueError: Cannot close a process while it is still running. You should first call join() or terminate()."
# ///

import time
from multiprocessing import Process

if __name__ == "__main__":
    process = Process(target=time.sleep, args=[60])
    process.start()
    try:
        process.close()
    finally:
        process.terminate()
