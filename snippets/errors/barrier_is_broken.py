"""`Barrier.abort()` makes each thread that waits at the barrier raise BrokenBarrierError."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "BrokenBarrierError"
# ///

import time
from threading import Barrier, Thread

barrier = Barrier(2)
thread = Thread(target=barrier.wait, name="worker")
thread.start()
while not barrier.n_waiting:
    time.sleep(0.01)
barrier.abort()
thread.join()
