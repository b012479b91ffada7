"""Ctrl-C in the body of `with ThreadPoolExecutor` waits until every queued job has run."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "worker: did job 3"
# platforms = ["linux", "macos"]
# ///

import signal
from concurrent.futures import ThreadPoolExecutor
from threading import Event

interrupted = Event()


def work(number: int) -> None:
    interrupted.wait()
    print("worker: did job", number)


try:
    with ThreadPoolExecutor(max_workers=1) as pool:
        for number in (1, 2, 3):
            pool.submit(work, number)
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            print("main: KeyboardInterrupt in the with block")
            interrupted.set()
            raise
except KeyboardInterrupt:
    print("main: out of the with block")
