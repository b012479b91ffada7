"""A `Lock` can be released by a thread that does not hold it; then the holder's `release()` raises."""

# /// script
# [tool.pleasestop]
# wrong = "fails"
# exit = 1
# seen = "RuntimeError: release unlocked lock"
# ///

from threading import Lock, Thread

lock = Lock()


def work() -> None:
    try:
        lock.acquire(timeout=0.01)  # returns False
    finally:
        lock.release()


with lock:
    thread = Thread(target=work)
    thread.start()
    thread.join()
