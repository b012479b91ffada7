"""An exception in the `with` block of a pool cancels no queued call: the end of the block waits until all have run."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "job 3"
# ///

from concurrent.futures import ThreadPoolExecutor
from threading import Event

interrupted = Event()


def work(number: int) -> None:
    interrupted.wait()
    print("job", number, "of 0 to 3")


try:
    with ThreadPoolExecutor(max_workers=1) as pool:
        for number in range(4):
            pool.submit(work, number)
        print("main: Ctrl-C")
        interrupted.set()
        raise KeyboardInterrupt
except KeyboardInterrupt:
    print("main: left the pool at last")
