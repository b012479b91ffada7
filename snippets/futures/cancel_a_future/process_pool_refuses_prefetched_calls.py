"""In a process pool, `cancel()` also fails for the calls that are next in line.

The pool puts up to `max_workers + 1` calls into a queue for its processes
and marks them as running. With one worker, up to three calls refuse:
the running one and these two.
"""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Event

events: "list[Event]" = []  # filled in the worker process


def take(*shared: Event) -> None:
    events.extend(shared)


def work() -> None:
    begun, go_on = events
    begun.set()
    go_on.wait()


def main() -> None:
    begun, go_on = multiprocessing.Event(), multiprocessing.Event()
    with ProcessPoolExecutor(
        max_workers=1, initializer=take, initargs=(begun, go_on)
    ) as pool:
        calls = [pool.submit(work)]
        begun.wait()
        for _ in range(4):
            calls.append(pool.submit(work))
        while not calls[2].running():
            time.sleep(0.01)
        for number, call in enumerate(calls, start=1):
            print(f"call {number}: cancelled: {call.cancel()}")
        go_on.set()


if __name__ == "__main__":
    main()
