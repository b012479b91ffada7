"""Neither kind of event can be an argument of a job in a process pool.

The pool pickles the argument, and neither event can be pickled then.
`submit` does not fail, `result` does. (The proxy that `Event()` of a
`multiprocessing.Manager` returns can be passed.)
"""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "cannot pickle"
# ///

import multiprocessing as mp
import threading
from concurrent.futures import ProcessPoolExecutor


def work(stopping: object) -> None:
    print("job: never printed", stopping)


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=1) as pool:
        for event in (threading.Event(), mp.Event()):
            job = pool.submit(work, event)
            try:
                job.result()
            except (TypeError, RuntimeError) as error:
                print(f"{type(error).__name__}: {error}")
