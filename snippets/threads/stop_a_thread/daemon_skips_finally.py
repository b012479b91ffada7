"""At exit, Python cuts off a daemon thread without running its `finally`."""

# /// script
# [tool.pleasestop]
# wrong = "leaks"
# leaves = ["thread"]
# ///

from threading import Event, Thread

working = Event()


def work() -> None:
    try:
        print("worker: writing a file")
        working.set()
        Event().wait()
    finally:
        print("worker: never printed")


Thread(target=work, daemon=True).start()
working.wait()
print("main: ends here")
