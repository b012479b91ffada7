"""Each kind of lock raises with another text when it is released without being held."""

# /// script
# [tool.pleasestop]
# wrong = "misleads"
# seen = "semaphore or lock released too many times"
# ///

import multiprocessing
import threading
from typing import Callable


def attempt(name: str, release: Callable[[], object]) -> None:
    try:
        release()
    except (RuntimeError, ValueError) as error:
        print(f"{name}: {type(error).__name__}: {error}")


attempt("Lock", threading.Lock().release)
attempt("RLock", threading.RLock().release)
attempt("Semaphore", threading.BoundedSemaphore().release)
attempt("Condition", threading.Condition().notify)
attempt("multiprocessing", multiprocessing.Lock().release)
