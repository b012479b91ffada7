"""A caller can stop waiting for a daemon thread, and the program can exit.

The thread runs on until the program exits; then Python cuts it off
without its `finally`.
"""

# /// script
# [tool.pleasestop]
# leaves = ["thread"]
# ///

from queue import Empty, Queue
from threading import Event, Thread

answers: "Queue[str]" = Queue()


def ask() -> None:
    Event().wait()  # a call that never returns
    answers.put("never put")


Thread(target=ask, daemon=True).start()
try:
    print("main:", answers.get(timeout=0.1))
except Empty:
    print("main: no answer in time")
print("main: exits")
