"""`terminate_workers()` ends running calls; their futures raise BrokenProcessPool.

So do the futures of the calls that are next in line. Those of the calls
behind them are cancelled. A worker that handles SIGTERM can end otherwise.
"""

# /// script
# requires-python = ">=3.14"
# ///

import multiprocessing
import time
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.synchronize import Event

events: list[Event] = []  # filled in the worker process


def take(begun: Event) -> None:
    events.append(begun)


def work() -> None:
    events[0].set()
    time.sleep(60)


def main() -> None:
    begun = multiprocessing.Event()
    pool = ProcessPoolExecutor(
        max_workers=1, initializer=take, initargs=(begun,)
    )
    calls = [pool.submit(work)]
    begun.wait()
    for _ in range(4):
        calls.append(pool.submit(work))
    while not calls[2].running():
        time.sleep(0.01)
    pool.terminate_workers()
    for number, call in enumerate(calls, start=1):
        try:
            call.result()
        except (BrokenProcessPool, CancelledError) as error:
            print(f"call {number}:", type(error).__name__)
    pool.shutdown()


if __name__ == "__main__":
    main()
